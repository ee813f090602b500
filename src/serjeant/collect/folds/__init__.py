"""How records are put into files: what ``unfold`` makes lines of. One file each; they never import each other."""
