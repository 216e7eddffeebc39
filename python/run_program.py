"""What `stack` starts for a hook or command in Python."""

import sys

# This folder is on the path already, behind the instance's own `lib`.
del sys.path[0]

from stackloop_runner.run import main  # noqa: E402

main()
