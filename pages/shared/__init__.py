"""What pages share: controls and links, the player, progress, downloads."""
