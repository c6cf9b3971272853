package dev.vramcast.formats.pickle;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle that holds plain data: texts, numbers, lists, tuples and dictionaries. Opcodes
 * that name, make or call a Python object end the reading; there is no code here that could serve
 * them. Keys of dictionaries are texts or whole numbers, so that no key can be made to be hashed
 * for ever.
 */
public final class PickleReader {

  private static final int LATEST_PROTOCOL = 5;

  private final PickleInput input;
  private final PickleBounds bounds;
  private final PickleStack stack;
  private final List<@Nullable Object> memo = new ArrayList<>();
  private int containers;
  private long items;

  private PickleReader(InputStream in, String source, PickleBounds bounds) {
    this.input = new PickleInput(in, source, bounds);
    this.bounds = bounds;
    this.stack = new PickleStack(input, bounds.open());
  }

  /**
   * The data: {@link Map}, {@link List} (of tuples too), {@link String}, {@link Long}, {@link
   * Double}, {@link Boolean}, {@code byte[]} or null. Containers may contain themselves.
   *
   * @param source names the pickle in messages
   * @throws InputException when it holds more than plain data, or more than the bounds allow
   */
  public static @Nullable Object read(InputStream in, String source, PickleBounds bounds)
      throws IOException {
    return new PickleReader(in, source, bounds).run();
  }

  private @Nullable Object run() throws IOException {
    if (input.one() != 0x80) {
      throw input.failure("not a pickle of protocol 2 to " + LATEST_PROTOCOL);
    }
    int protocol = input.one();
    if (protocol < 2 || protocol > LATEST_PROTOCOL) {
      throw input.failure("protocol " + protocol + ", allowed: 2 to " + LATEST_PROTOCOL);
    }
    for (Opcode next = opcode(); next != Opcode.STOP; next = opcode()) {
      if (!next.does().isEmpty()) {
        throw refused(next);
      }
      apply(next);
    }
    Object value = stack.pop();
    if (!stack.isEmpty()) {
      throw input.failure("the pickle ends with values left over");
    }
    return value;
  }

  private Opcode opcode() throws IOException {
    int code = input.one();
    Opcode opcode = Opcode.of(code);
    if (opcode == null) {
      throw input.failure("opcode 0x%02x, which no plain data need".formatted(code));
    }
    return opcode;
  }

  private void apply(Opcode opcode) throws IOException {
    switch (opcode) {
      case PROTO -> input.one();
      case FRAME -> input.unsigned(8);
      case MARK -> stack.mark();
      case POP -> stack.pop();
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.top());
      case NONE -> stack.push(null);
      case NEWTRUE -> stack.push(true);
      case NEWFALSE -> stack.push(false);
      case BINGET -> stack.push(remembered(input.one()));
      case LONG_BINGET -> stack.push(remembered(input.unsigned(4)));
      case BINPUT -> remember(input.one());
      case LONG_BINPUT -> remember(input.unsigned(4));
      case MEMOIZE -> remember(memo.size());
      default -> applyData(opcode);
    }
  }

  private void applyData(Opcode opcode) throws IOException {
    switch (opcode) {
      case BININT -> stack.push((long) input.signed32());
      case BININT1 -> stack.push((long) input.one());
      case BININT2 -> stack.push(input.unsigned(2));
      case LONG1 -> stack.push(input.whole(input.one()));
      case BINFLOAT -> stack.push(input.float64());
      case BINUNICODE -> stack.push(input.text(input.unsigned(4)));
      case SHORT_BINUNICODE -> stack.push(input.text(input.one()));
      case BINUNICODE8 -> stack.push(input.text(input.unsigned(8)));
      case BINBYTES -> stack.push(input.bytes(input.unsigned(4)));
      case SHORT_BINBYTES -> stack.push(input.bytes(input.one()));
      case EMPTY_LIST -> stack.push(counted(new ArrayList<>()));
      case EMPTY_TUPLE -> stack.push(tuple(List.of()));
      case EMPTY_DICT -> stack.push(dictionary());
      case APPEND -> append(Collections.singletonList(stack.pop()));
      case APPENDS -> append(stack.popToMark());
      case SETITEM -> setItem();
      case SETITEMS -> setItems(stack.popToMark());
      case TUPLE -> stack.push(tuple(stack.popToMark()));
      case TUPLE1 -> stack.push(tuple(1));
      case TUPLE2 -> stack.push(tuple(2));
      case TUPLE3 -> stack.push(tuple(3));
      default -> throw new IllegalStateException("no rule for " + opcode);
    }
  }

  private List<@Nullable Object> counted(List<@Nullable Object> values) {
    count(1, values.size());
    return values;
  }

  private Map<Object, @Nullable Object> dictionary() {
    count(1, 0);
    return new HashMap<>();
  }

  /** Nothing can be added to it, unlike a list. */
  private List<@Nullable Object> tuple(List<@Nullable Object> values) {
    return Collections.unmodifiableList(counted(values));
  }

  private List<@Nullable Object> tuple(int size) {
    @Nullable Object[] values = new @Nullable Object[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = stack.pop();
    }
    return tuple(Arrays.asList(values));
  }

  private void append(List<@Nullable Object> added) {
    if (!(stack.top() instanceof ArrayList<?> top)) {
      throw input.failure("items for what is no list");
    }
    count(0, added.size());
    @SuppressWarnings("unchecked") // made here, of any values
    List<@Nullable Object> list = (List<@Nullable Object>) top;
    list.addAll(added);
  }

  private void setItem() {
    Object value = stack.pop();
    Object key = stack.pop();
    List<@Nullable Object> pair = new ArrayList<>(2);
    pair.add(key);
    pair.add(value);
    setItems(pair);
  }

  private void setItems(List<@Nullable Object> pairs) {
    if (!(stack.top() instanceof Map<?, ?> top) || pairs.size() % 2 != 0) {
      throw input.failure("pairs for what is no dictionary");
    }
    count(0, pairs.size() / 2);
    @SuppressWarnings("unchecked") // made here, of any values
    Map<Object, @Nullable Object> map = (Map<Object, @Nullable Object>) top;
    for (int i = 0; i < pairs.size(); i += 2) {
      Object key = pairs.get(i);
      if (!(key instanceof String || key instanceof Long)) {
        throw input.failure("a key that is neither a text nor a whole number");
      }
      map.put(key, pairs.get(i + 1));
    }
  }

  private @Nullable Object remembered(long index) {
    if (index >= memo.size()) {
      throw input.failure("value " + index + " is asked for, but was not kept");
    }
    return memo.get((int) index);
  }

  /** Python numbers what it keeps from 0 on, one after the other. */
  private void remember(long index) {
    if (index < memo.size()) {
      memo.set((int) index, stack.top());
    } else if (index == memo.size()) {
      count(0, 1);
      memo.add(stack.top());
    } else {
      throw input.failure("value " + index + " is kept, expected " + memo.size());
    }
  }

  private void count(int moreContainers, int moreItems) {
    containers += moreContainers;
    items += moreItems;
    if (containers > bounds.containers() || items > bounds.items()) {
      throw input.failure(
          "more than %d containers or %d items, which this heap has room for"
              .formatted(bounds.containers(), bounds.items()));
    }
  }

  private InputException refused(Opcode opcode) throws IOException {
    String name =
        switch (opcode) {
          case GLOBAL, INST -> " " + Shown.given(input.line() + "." + input.line());
          case STACK_GLOBAL -> " " + Shown.given(nameOnStack());
          default -> "";
        };
    return input.failure(
        "opcode %s %s a Python object%s, refused: a memory snapshot holds plain data alone"
            .formatted(opcode, opcode.does(), name));
  }

  private String nameOnStack() {
    Object name = stack.pop();
    return stack.pop() + "." + name;
  }
}
