"""A judgement on a page: rows of findings, ladders and pins, from what core tells; used by console and desk."""
