package dev.vramcast.formats.growth;

import dev.vramcast.input.growth.Growth;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs with classes, whatever is in them again and again. */
@Tag("slow")
class ClassGrowthTest {

  private static final int SIZE = 100;

  private static final Growth PYTHON = Growth.of(TrainingGrowthTest.Python.class);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class A: pass\n@setattr(",
        "class A: pass\n@setattr(@)",
        "class A: pass\n@vars(",
        "class A: pass\n@partial(",
        "class A: pass\np.parse_dict(1)\n@HfArgumentParser(@)",
        "class A: pass\nx@.__dict__.update",
        "class A:\n  def f(self):\n@    setattr(self, k, v)\n",
        "class A:\n  def __init__(self, **k):\n@    setattr(self, k, v)\n",
        "class A:\n@  def f#(self): setattr(self, k, v)\n",
        "@class A#:\n  def f(self): setattr(self, k, v)\n",
        "class A: pass\n@A.load1(2)\n",
        "class A(@B, @): pass\nx = A.load1(2)\n",
      })
  void programs_take_as_long_as_they_are(String shape) {
    PYTHON.isLinear(shape, SIZE);
  }

  @Test
  void classes_that_have_one_base_twice_take_as_long_as_they_are() {
    PYTHON.isLinear(
        "class A1(A0, A0)",
        times ->
            "class A0: pass\n"
                + IntStream.range(0, times)
                    .mapToObj(i -> "class A%d(A%d, A%d): pass\n".formatted(i + 1, i, i))
                    .collect(Collectors.joining())
                + "A%d.load1(2)\n".formatted(times),
        SIZE);
  }

  @Test
  void methods_that_make_objects_are_looked_for_once_in_a_class() {
    PYTHON.isLinear(
        "A.load1(2)",
        times ->
            "class A:\n" + "  def f(self): pass\n".repeat(times) + "A.load1(2)\n".repeat(times),
        SIZE);
  }
}
