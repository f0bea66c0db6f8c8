"""The demo: the story of the Aurel Coast Health Cluster, told through the areas' own actions.

Every date is an offset from the seeding day D, so that an open vote, running clocks and overdue dues exist on any day.
Nothing is written behind the actions' back: what you see in the demo is what the product does.
"""
