{{- define "onrecord.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "onrecord.labels" -}}
{{ include "onrecord.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "onrecord.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "onrecord.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "onrecord.chroma" -}}
{{- if .Values.chroma.enabled -}}
http://{{ include "onrecord.name" . }}-chroma:8000
{{- else -}}
{{ required "name a Chroma server in chroma.url, or have one made with chroma.enabled" .Values.chroma.url }}
{{- end }}
{{- end }}

{{/* Where a model is a provider's, its address and key. */}}
{{- define "onrecord.provider" -}}
{{- with .Values.chat.baseUrl }}
- name: OPENAI_BASE_URL
  value: {{ . | quote }}
{{- end }}
{{- with .Values.chat.secret }}
- name: OPENAI_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: api-key
{{- end }}
{{- end }}

{{/* What a Ray node asks of whoever wants work done. */}}
{{- define "onrecord.token" -}}
- name: RAY_AUTH_MODE
  value: token
- name: RAY_AUTH_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ required "name the Secret with the Ray nodes' token in ray.secret" .Values.ray.secret | quote }}
      key: token
{{- end }}

{{/* What the API and the desk have in common: the same settings, and nothing that root could do. */}}
{{- define "onrecord.container" -}}
image: {{ include "onrecord.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
env:
  - name: ONRECORD_CATALOG
    valueFrom:
      secretKeyRef:
        name: {{ required "name the Secret with the database's url in database.secret" .Values.database.secret | quote }}
        key: url
  - name: ONRECORD_LEXICAL
    value: postgres
  - name: ONRECORD_CHROMA
    value: {{ include "onrecord.chroma" . | quote }}
  {{- with .Values.chroma.secret }}
  - name: ONRECORD_CHROMA_TOKEN
    valueFrom:
      secretKeyRef:
        name: {{ . | quote }}
        key: token
  {{- end }}
  {{- with .Values.chat.model }}
  - name: ONRECORD_CHAT_MODEL
    value: {{ . | quote }}
  {{- end }}
  {{- include "onrecord.provider" . | nindent 2 }}
  {{- if .Values.ray.enabled }}
  {{- include "onrecord.token" . | nindent 2 }}
  {{- end }}
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
volumeMounts:
  - name: scratch
    mountPath: /library
  - name: tmp
    mountPath: /tmp
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- define "onrecord.pod" -}}
automountServiceAccountToken: false
# Else a service called onrecord would put ONRECORD_SERVICE_HOST and its like among the settings.
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
volumes:
  - name: scratch
    emptyDir:
      sizeLimit: {{ .Values.scratch }}
  - name: tmp
    emptyDir:
      sizeLimit: {{ .Values.scratch }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
