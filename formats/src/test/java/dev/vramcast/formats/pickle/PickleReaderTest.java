package dev.vramcast.formats.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PickleReaderTest {

  private static final PickleBounds BOUNDS = new PickleBounds(10_000, 100, 50, 200, 40);
  private static final String START = "\u0080\u0004";

  @Test
  void plain_data_are_read() throws IOException {
    // {'a': [1, -2, 300, 2**40, 1.5], 'b': (None, True), 'c': b'x'}
    String pickle =
        START
            + "}(\u008c\u0001a](K\u0001J\u00fe\u00ff\u00ff\u00ffM\u002c\u0001"
            + "\u008a\u0006\u0000\u0000\u0000\u0000\u0000\u0001"
            + "G\u003f\u00f8\u0000\u0000\u0000\u0000\u0000\u0000e"
            + "\u008c\u0001bN\u0088\u0086\u008c\u0001cC\u0001xu.";

    Map<?, ?> read = (Map<?, ?>) read(pickle);

    assertThat((Object) read.get("a")).isEqualTo(List.of(1L, -2L, 300L, 1L << 40, 1.5));
    assertThat((Object) read.get("b")).isEqualTo(Arrays.asList(null, true));
    assertThat((byte[]) read.get("c")).containsExactly('x');
  }

  @Test
  void what_is_kept_can_be_asked_for_again() throws IOException {
    assertThat(read(START + "](\u008c\u0001x\u0094h\u0000e.")).isEqualTo(List.of("x", "x"));
  }

  @Test
  void a_list_may_hold_itself() throws IOException {
    List<?> list = (List<?>) read(START + "]\u0094h\u0000a.");

    assertThat(list.get(0) == list).isTrue();
  }

  /** A pickle and what its refusal must say. */
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "global", START + "cos\nsystem\n\u008c\u0002lsR.", "GLOBAL names", "'os.system'"),
        Arguments.of(
            "stack_global",
            START + "\u008c\u0002os\u008c\u0006system\u0093.",
            "STACK_GLOBAL names",
            "'os.system'"),
        Arguments.of("reduce", START + "N)R.", "REDUCE calls", "refused"),
        Arguments.of("build", START + "N}b.", "BUILD calls", "refused"),
        Arguments.of("inst", START + "(ios\nsystem\n.", "INST makes", "'os.system'"),
        Arguments.of("obj", START + "(No.", "OBJ makes", "refused"),
        Arguments.of("newobj", START + "N)\u0081.", "NEWOBJ makes", "refused"),
        Arguments.of("newobj_ex", START + "N)}\u0092.", "NEWOBJ_EX makes", "refused"),
        Arguments.of("ext", START + "\u0082\u0001.", "EXT1 names", "refused"),
        Arguments.of("ext4", START + "\u0084\u0001\u0000\u0000\u0000.", "EXT4 names", "refused"),
        Arguments.of("persid", START + "Pid\n.", "PERSID names", "refused"),
        Arguments.of("binpersid", START + "NQ.", "BINPERSID names", "refused"),
        Arguments.of("buffer", START + "\u0097.", "0x97", "no plain data"),
        Arguments.of("long_text", START + "X\u00ff\u00ff\u00ff\u007f", "2147483647 bytes", "100"),
        Arguments.of(
            "longer_text",
            START + "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
            "18446744073709551615 bytes",
            "100"),
        Arguments.of("long_number", START + "\u008a\u00ff", "number of 255 bytes", "up to 8"),
        Arguments.of("marks", START + "(".repeat(100), "begun and not ended", "40"),
        Arguments.of("deep", START + "]".repeat(45), "wait for their container", "40"),
        Arguments.of("many", START + "]0".repeat(60), "more than 50 containers", "200"),
        Arguments.of("items", START + "]" + "Na".repeat(300), "200 items", "50"),
        Arguments.of("long_file", START + "N0".repeat(6000), "longer than", "MiB"),
        Arguments.of("key_list", START + "}]Ns.", "a key that is neither", "text"),
        Arguments.of("no_memo", START + "h\u0007.", "value 7", "not kept"),
        Arguments.of("far_memo", START + "Nr\u00ff\u00ff\u00ff\u007f.", "2147483647", "expected 0"),
        Arguments.of("no_value", START + ".", "a value is missing", "byte"),
        Arguments.of("no_mark", START + "e.", "was not begun", "byte"),
        Arguments.of("no_list", START + "NNa.", "what is no list", "byte"),
        Arguments.of("tuple", START + ")Na.", "what is no list", "byte"),
        Arguments.of("no_dict", START + "NNNs.", "what is no dictionary", "byte"),
        Arguments.of("left_over", START + "NN.", "left over", "byte"),
        Arguments.of("cut_off", START + "}\u008c\u0005ab", "cut off", "byte"),
        Arguments.of("bad_text", START + "\u008c\u0001\u00ff.", "UTF-8", "byte"),
        Arguments.of("protocol_0", "(dp0\n.", "protocol 2 to 5", "byte"),
        Arguments.of("protocol_9", "\u0080\u0009N.", "protocol 9", "byte"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void what_is_more_than_plain_data_is_refused(
      String name, String pickle, String reason, String detail) {
    assertThatThrownBy(() -> read(pickle))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("x.pickle: byte ")
        .hasMessageContaining(reason)
        .hasMessageContaining(detail);
  }

  @Test
  void a_small_heap_bounds_what_is_read() {
    PickleBounds small = PickleBounds.forHeap(128L << 20);
    PickleBounds large = PickleBounds.forHeap(64L << 30);

    assertThat(small.items()).isEqualTo(1L << 20);
    assertThat(small.containers()).isEqualTo(1 << 18);
    assertThat(large).isEqualTo(PickleBounds.forHeap(128L << 30));
  }

  @Test
  void damaged_bytes_end_in_data_or_in_a_refusal() {
    byte[] whole =
        bytes(START + "}(\u008c\u0001a](K\u0001M\u002c\u0001e\u008c\u0001bN\u0088\u0086\u0094u.");
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = whole.clone();
      damaged[2 + random.nextInt(whole.length - 2)] = (byte) random.nextInt(256);
      try {
        PickleReader.read(new ByteArrayInputStream(damaged), "x.pickle", BOUNDS);
      } catch (InputException e) {
        assertThat(e.getMessage()).startsWith("x.pickle: byte ");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Object read(String latin) throws IOException {
    return PickleReader.read(new ByteArrayInputStream(bytes(latin)), "x.pickle", BOUNDS);
  }

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }
}
