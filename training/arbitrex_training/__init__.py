"""Trains, measures and exports the models that the Arbitrex ML layer serves."""
