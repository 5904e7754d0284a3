"""The golden table of the trail: an act, by hand, and all the events that it leaves, to the letter.

`...` stands for an id or an instant that no test can know beforehand. Whoever adds a verb adds a row here, or names it
in another test.
"""
