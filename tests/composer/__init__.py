"""A page composer: newspaper pages with known answers, made from our own articles under a seed."""
