"""Pure rules of the field: values in, values out."""
