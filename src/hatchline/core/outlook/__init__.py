"""Where a figure will stand on a later day, with how sure that is: a random walk with drift, tested on real series."""

from hatchline.core.outlook.drift import FEWEST, Ahead, Outlook, TooLittle, outlook

__all__ = ["FEWEST", "Ahead", "Outlook", "TooLittle", "outlook"]
