package dev.vramcast.formats.training.text;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.Readings;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingWordsTest {

  private static void isRefused(String name, String text, ErrorKind kind) {
    assertThatThrownBy(() -> Readings.of(name, text.replace("\\n", "\n")))
        .asInstanceOf(InstanceOfAssertFactories.type(InputException.class))
        .extracting(e -> e.error().kind())
        .isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stack.yaml  | Resources:\\n  Bucket: !Ref Name\\n
          home.yaml   | automation: !include automations.yaml\\n
          parts.yaml  | - one\\n---\\n- two\\n
          chart.yaml  | kind: Service\\nname: {{ include "app.name" . }}\\n
          stats.json  | {"loss": NaN}
          pages.yml   | {% for page in pages %}\\n- {{ page }}\\n{% endfor %}\\n
          release.sh  | #!/bin/bash\\npython -m build "${OPTIONS[@]}" --wheel\\n
          checks.sh   | #!/bin/bash\\nuv run "${COMMAND[@]}"\\n
          """)
  void what_other_programs_read_is_of_no_framework(String name, String text) {
    isRefused(name, text, ErrorKind.UNKNOWN_FORMAT);
  }

  @Test
  void a_training_file_that_cannot_be_read_is_still_one() {
    isRefused("tune.yml", "base_model: !Ref Name\nadapter: lora\n", ErrorKind.MALFORMED);
    isRefused("two.yaml", "model_name_or_path: a\n---\nlora_r: 8\n", ErrorKind.MALFORMED);
    isRefused(
        "chart.yaml",
        "kind: Job\nname: {{ .Release.Name }}\nargs: [accelerate, launch, sft.py]\n",
        ErrorKind.MISSING);
    isRefused("run.sh", "#!/bin/bash\naccelerate launch \"${OPTIONS[@]}\"\n", ErrorKind.MISSING);
  }
}
