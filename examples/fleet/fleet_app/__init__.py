"""Flower for a fleet of devices that learn with stackprop."""
