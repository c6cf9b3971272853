package dev.vramcast.formats.pickle;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The opcodes of protocols 2 to 5, as Python's {@code pickletools} names them.
 *
 * @see <a href="https://docs.python.org/3/library/pickletools.html">pickletools</a>
 */
enum Opcode {
  PROTO(0x80),
  FRAME(0x95),
  STOP('.'),
  MARK('('),
  POP('0'),
  POP_MARK('1'),
  DUP('2'),
  NONE('N'),
  NEWTRUE(0x88),
  NEWFALSE(0x89),
  BININT('J'),
  BININT1('K'),
  BININT2('M'),
  LONG1(0x8a),
  BINFLOAT('G'),
  BINUNICODE('X'),
  SHORT_BINUNICODE(0x8c),
  BINUNICODE8(0x8d),
  BINBYTES('B'),
  SHORT_BINBYTES('C'),
  EMPTY_LIST(']'),
  APPEND('a'),
  APPENDS('e'),
  EMPTY_DICT('}'),
  SETITEM('s'),
  SETITEMS('u'),
  EMPTY_TUPLE(')'),
  TUPLE('t'),
  TUPLE1(0x85),
  TUPLE2(0x86),
  TUPLE3(0x87),
  BINGET('h'),
  LONG_BINGET('j'),
  BINPUT('q'),
  LONG_BINPUT('r'),
  MEMOIZE(0x94),
  GLOBAL('c', "names"),
  STACK_GLOBAL(0x93, "names"),
  INST('i', "makes"),
  OBJ('o', "makes"),
  NEWOBJ(0x81, "makes"),
  NEWOBJ_EX(0x92, "makes"),
  REDUCE('R', "calls"),
  BUILD('b', "calls"),
  EXT1(0x82, "names"),
  EXT2(0x83, "names"),
  EXT4(0x84, "names"),
  PERSID('P', "names"),
  BINPERSID('Q', "names");

  private static final Map<Integer, Opcode> BY_CODE = new HashMap<>();

  static {
    for (Opcode opcode : values()) {
      BY_CODE.put(opcode.code, opcode);
    }
  }

  private final int code;
  private final String does;

  Opcode(int code) {
    this(code, "");
  }

  Opcode(int code, String does) {
    this.code = code;
    this.does = does;
  }

  /** The opcode of a byte, or null. */
  static @Nullable Opcode of(int code) {
    return BY_CODE.get(code);
  }

  /** What it does with a Python object, as a verb; empty when it makes plain data. */
  String does() {
    return does;
  }
}
