"""The chain nursery → incubation → acceleration → park: stages, presence, flow between days and time to graduate."""
