package dev.vramcast.formats.growth;

import dev.vramcast.input.growth.Growth;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of other tools that carry commands, whatever is in them again and again. */
@Tag("slow")
@Order(1)
class CarriedGrowthTest {

  private static final int SIZE = 100;

  static final class Make extends TrainingGrowthTest.Reading {
    Make() {
      super("Makefile");
    }
  }

  static final class Docker extends TrainingGrowthTest.Reading {
    Docker() {
      super("Dockerfile");
    }
  }

  private static final Growth MAKE = Growth.of(Make.class);
  private static final Growth DOCKER = Growth.of(Docker.class);

  static Stream<String> makefiles() {
    return Stream.of(
        "@a#: b\n\tx\n",
        "a:\n@\tswift sft --x $(V)\n",
        "A=x\n@A += y\n",
        "A=x\n@A := $(A)$(A)\n",
        "A = $(A)$(A)\na:\n@\tswift sft $(A)\n",
        "@V# = 1\n",
        "@V# = 1\na:\n\tx $(V#)\n",
        "@ifdef X\n",
        "@ifeq (a,b)\nelse\nendif\n",
        "ifeq (@a,b",
        "@define X\n",
        "@\\\n",
        "a: @b \n\tx $^\n",
        "x = @$(",
        "x = @$(a",
        "@a: V# = 1\n",
        "export @a ",
        "@:");
  }

  static Stream<String> dockerfiles() {
    return Stream.of(
        "@FROM a AS b#\n",
        "@# a\n",
        "FROM a\n@ENV A#=1\n",
        "FROM a\n@ENV A#=1\nRUN swift sft --x $A\n",
        "FROM a\n@RUN <<E\nx\nE\n",
        "FROM a\nRUN <<E\n@x\n",
        "FROM a\nRUN @<<E ",
        "FROM a\nRUN @\"\\",
        "FROM a\nRUN @'\"",
        "FROM b\n@ENV A#=1\nFROM a AS b\n",
        "@ARG A#=1\n@FROM a\n",
        "FROM x AS a\nCMD [\"x\"]\n@FROM a AS a\n",
        "FROM a\nCMD [@\"a\",",
        "FROM a\nCMD [\"@\\a",
        "FROM a\nCMD a @\\\n",
        "FROM a\nRUN @--a=b ",
        "FROM a\n@CMD swift sft --x 1\n",
        "@\n",
        "@ARG a\n");
  }

  @ParameterizedTest
  @MethodSource("makefiles")
  void makefiles_take_as_long_as_they_are(String shape) {
    MAKE.isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void dockerfiles_take_as_long_as_they_are(String shape) {
    DOCKER.isLinear(shape, SIZE);
  }
}
