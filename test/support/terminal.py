# Runs COMMAND on a pseudo terminal of COLUMNS x ROWS: standard input is typed there, and what it shows is standard output. Ends with
# the command's exit code, 128 + n after a signal.
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
import threading

columns, rows, *command = sys.argv[1:]
terminal, inner = pty.openpty()
fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
pid = os.fork()
if pid == 0:
    os.close(terminal)
    os.login_tty(inner)
    os.execvp(command[0], command)
os.close(inner)


def copy(source, target):
    try:
        while data := os.read(source, 65536):
            while data:
                data = data[os.write(target, data) :]
    except OSError:
        pass  # Linux reports EIO once no process has the terminal open.


threading.Thread(target=copy, args=(0, terminal), daemon=True).start()
shown = threading.Thread(target=copy, args=(terminal, 1), daemon=True)
shown.start()
# If this process is told to end, so is the command: it hangs up the terminal.
signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
shown.join(5)
os._exit(code if code >= 0 else 128 - code)
