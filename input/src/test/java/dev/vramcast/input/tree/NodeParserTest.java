package dev.vramcast.input.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeParserTest {

  /** YAML is read through windows of 1,024 characters, and this one takes two. */
  private static final String EMOJI = "\ud83d\ude00";

  @ParameterizedTest
  @ValueSource(ints = {1_024, 2_048, 3_072})
  void a_character_of_two_may_stand_anywhere(int window) {
    for (int before = window - 20; before < window + 5; before++) {
      String start = "a: 1\n# ";
      String text = start + "x".repeat(before - start.length()) + EMOJI + "\nb: " + EMOJI + "\n";
      Node.Fields root = (Node.Fields) NodeParser.parse(text, "job.yaml");

      assertThat(root.fields().get("b").value()).isEqualTo(EMOJI);
    }
  }
}
