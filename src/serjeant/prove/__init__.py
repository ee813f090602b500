"""prove: worlds from unseen seeds are drawn, judged, and held against their truth; rivals judge the same sign-ins."""
