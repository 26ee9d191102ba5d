"""Books of earlier versions are brought to this one."""
