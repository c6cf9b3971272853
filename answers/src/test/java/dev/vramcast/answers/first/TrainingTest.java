package dev.vramcast.answers.first;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Method;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingTest {

  @ParameterizedTest
  @CsvSource({
    "SFT, FULL, Full fine-tuning, full fine-tuning",
    "SFT, QLORA, QLoRA, QLoRA",
    "DPO, LORA, DPO with LoRA, DPO with LoRA",
    "GRPO, FULL, GRPO with full fine-tuning, GRPO with full fine-tuning",
    "EMBEDDING, LORA, Contrastive learning with LoRA, contrastive learning with LoRA",
    "PRETRAIN, FULL, Pre-training, pre-training",
    "PRETRAIN, LORA, Pre-training with LoRA, pre-training with LoRA",
    "REWARD, FREEZE, Reward modeling with training of some layers,"
        + " reward modeling with training of some layers",
  })
  void a_training_is_called_as_people_call_it(
      Stage stage, Method method, String first, String within) {
    assertThat(new Training(stage, method).first()).isEqualTo(first);
    assertThat(new Training(stage, method).within()).isEqualTo(within);
  }
}
