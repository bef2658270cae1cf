"""The parts of `rag.statements`: from tokens over cues and phrases to who is meant by "he". Pure, rules only."""
