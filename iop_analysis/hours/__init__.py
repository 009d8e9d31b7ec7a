"""Opening hours: what people write becomes one exact regular week."""
