package dev.vramcast.formats.training.unsloth;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptedTest {

  private static final String PROGRAM =
      """
      from unsloth import FastLanguageModel
      from peft import LoraConfig, get_peft_model
      model, tok = FastLanguageModel.from_pretrained("a/b", load_in_4bit=%s)
      %s
      SFTTrainer(model=model, %s args=SFTConfig(per_device_train_batch_size=2)).train()
      """;

  @Test
  void a_trainer_that_is_given_a_model_without_adapters_trains_nothing() {
    for (String bits : List.of("True", "False")) {
      for (String told : List.of("", "peft_config=LoraConfig(r=32),")) {
        Reading reading = of("a.py", PROGRAM.formatted(bits, "", told));

        assertThatThrownBy(() -> reading.under(JobDocument.empty()))
            .hasMessageContaining("get_peft_model");
        JobDocument named = JobDocument.empty().withFlag(JobKey.METHOD, "qlora");
        assertThat(reading.under(named).has(JobKey.MODEL_ID)).isTrue();
      }
    }
  }

  @Test
  void pefts_own_function_is_told_by_its_configuration() {
    String call = "model = get_peft_model(model, LoraConfig(r=32, target_modules=['q_proj']))";

    assertThat(values(of("a.py", PROGRAM.formatted("True", call, ""))))
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.targets", List.of("q_proj"));
    assertThat(values(of("a.py", PROGRAM.formatted("True", call.replace("r=32, ", ""), ""))))
        .containsEntry("lora.rank", 8);
  }

  @Test
  void a_model_that_peft_adapts_runs_layers_of_which_no_figure_is_known() {
    for (String second : List.of("LoraConfig(r=32)", "peft_config=LoraConfig(r=32)", "config")) {
      String call = "model = get_peft_model(model, " + second + ")";
      assertThat(of("a.py", PROGRAM.formatted("True", call, "")).notModelled())
          .get()
          .asString()
          .contains("PEFT's own get_peft_model");
    }
    String own = "model = FastLanguageModel.get_peft_model(model, r=32)";
    assertThat(of("a.py", PROGRAM.formatted("True", own, "")).notModelled()).isEmpty();
    assertThat(of("a.py", PROGRAM.formatted("True", own.replace("r=", ""), "")).notModelled())
        .isEmpty();
  }

  @Test
  void a_rank_may_stand_without_its_name() {
    String call = "model = FastLanguageModel.get_peft_model(model, 64)";

    assertThat(values(of("a.py", PROGRAM.formatted("True", call, ""))))
        .containsEntry("lora.rank", 64);
  }
}
