"""The text that the demo model is trained on: dialogues and short documents written by the grammars in this package.

Nothing is read from anywhere else. Every dialogue follows from a seed, so the whole corpus can be made again bit by bit.
"""
