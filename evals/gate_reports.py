"""What the gate found, as machines that run it show it: JUnit XML, and notes on GitHub's page of a run. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree  # only written here, never read

from evals.gating import Checked

# What XML 1.0 has no way to write.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(found: Sequence[Checked], run: str) -> str:
    """A suite for the run with a test a rule, as JUnit's readers (Jenkins, GitLab, GitHub's actions) take it."""
    failures = sum(each.fault is not None for each in found)
    suite = ElementTree.Element(
        "testsuite", name=_in_xml(run), tests=str(len(found)), failures=str(failures), errors="0", skipped="0"
    )
    for each in found:
        name = each.rule if each.metric is None else f"{each.rule}: {each.metric}"
        test = ElementTree.SubElement(suite, "testcase", classname="onrecord.eval.gate", name=_in_xml(name))
        if each.fault is not None:
            ElementTree.SubElement(test, "failure", type=each.rule, message=_in_xml(each.fault)).text = _in_xml(
                each.fault
            )
    suites = ElementTree.Element("testsuites", tests=str(len(found)), failures=str(failures))
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def github_notes(found: Sequence[Checked]) -> Iterator[str]:
    """A line a broken rule that GitHub shows as an error of the run.

    Source: "Workflow commands for GitHub Actions", where `%`, line ends and, in a property, `:` and `,` are escaped.
    """
    for each in found:
        if each.fault is not None:
            said = _one_line(each.fault)
            title = (
                _one_line(f"eval gate {each.rule} {each.metric or ''}".strip()).replace(":", "%3A").replace(",", "%2C")
            )
            yield f"::error title={title}::{said}"


def _one_line(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
