package dev.vramcast.formats.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourcedTest {

  private static final Map<String, String> FILES =
      Map.of("env.sh", "export MODEL=gpt2\nBATCH=4\n", "empty.sh", "echo ready\n");

  private static String inlined(String script) {
    return Sourced.inlined(script, name -> Optional.ofNullable(FILES.get(name)));
  }

  @Test
  void a_line_that_takes_in_a_script_sets_what_that_sets() {
    assertThat(inlined("source env.sh\ntrain $MODEL"))
        .isEqualTo("BATCH='4'; export MODEL='gpt2'\ntrain $MODEL");
    assertThat(inlined("  . env.sh ;\ntrain")).isEqualTo("BATCH='4'; export MODEL='gpt2'\ntrain");
  }

  @Test
  void other_commands_of_the_line_stay() {
    assertThat(inlined("source env.sh && train $MODEL"))
        .isEqualTo("BATCH='4'; export MODEL='gpt2'; source env.sh && train $MODEL");
    assertThat(inlined("source empty.sh && train")).isEqualTo("source empty.sh && train");
  }

  @Test
  void a_script_that_is_not_there_is_left_to_stand() {
    assertThat(inlined("source none.sh\ntrain")).isEqualTo("source none.sh\ntrain");
  }
}
