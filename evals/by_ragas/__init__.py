"""All that ragas does here: the only files that import it (extra `evals`), and only when they are used.

Source: Es, James, Espinosa-Anke and Schockaert, RAGAS: Automated Evaluation of Retrieval Augmented Generation, EACL 2024 demos;
ragas 0.4.
"""
