"""Runs libchdb.so as a ClickHouse server: launch.py <libchdb.so> <argument>... (see start-clickhouse.ts)."""
import ctypes
import signal
import sys

# Die with the test run, also when it is killed.
ctypes.CDLL(None).prctl(1, signal.SIGKILL)

library = ctypes.CDLL(sys.argv[1])
arguments = [b"clickhouse"] + [argument.encode() for argument in sys.argv[2:]]
library.chdb_query_cmdline.restype = ctypes.c_void_p
library.chdb_query_cmdline(len(arguments), (ctypes.c_char_p * (len(arguments) + 1))(*arguments, None))
