package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import org.junit.jupiter.api.Test;

class RequiredSettingsTest {

  private static final String PROGRAM =
      """
      parser = argparse.ArgumentParser()
      parser.add_argument("--config", type=str, required=True)
      args = parser.parse_args()
      with open(args.config) as f:
          config = yaml.safe_load(f)
      model = AutoModelForCausalLM.from_pretrained(config["model"]["name"])
      Trainer(model=model, args=TrainingArguments("out", per_device_train_batch_size=2)).train()
      """;

  private static final String COMMAND = "whole command, python a.py --config FILE";

  @Test
  void a_program_that_needs_a_file_of_settings_is_to_be_given_by_its_command() {
    assertThatThrownBy(() -> of("a.py", PROGRAM).under(JobDocument.empty()))
        .hasMessageContaining(COMMAND);
    String optional = PROGRAM.replace("required=True", "help='of settings'");
    assertThatThrownBy(() -> of("a.py", optional).under(JobDocument.empty()))
        .hasMessageNotContaining(COMMAND);
    String other = PROGRAM.replace("\"--config\"", "\"--output\"");
    assertThatThrownBy(() -> of("a.py", other).under(JobDocument.empty()))
        .hasMessageNotContaining(COMMAND);
  }
}
