"""The pages that join many areas: home, the decision register with its dossiers, search, help.

Home is one union of what every area says needs this person under the hat now worn; the badges count the same union, so
they can never disagree. A decision's effect is not stored: it follows from its reviews.
"""
