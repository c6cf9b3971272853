package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs with a trainer that does not train. */
class NoTrainingTest {

  private static String program(String last) {
    return """
    from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
    model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
    data = data.train_test_split(test_size=0.1)
    trainer = Trainer(model=model, args=TrainingArguments(per_device_eval_batch_size=1))
    %s
    """
        .formatted(last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"loss.backward()", "accelerator.backward(loss)"})
  void one_that_trains_in_a_loop_of_its_own_says_so_with_its_line(String step) {
    String loop =
        "import torch\nmodel = BertModel.from_pretrained('bert')\nfor rows in data:\n    %s\n";

    assertThatThrownBy(() -> of("loop.py", loop.formatted(step)))
        .hasMessageStartingWith("loop.py:4:5: trains in a loop of its own");
    assertThatThrownBy(() -> of("loop.py", loop.formatted("print(rows)")))
        .hasMessageContaining("no known format");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metrics = trainer.evaluate()",
        "trainer.predict(data)  # after trainer.train()",
        "print(trainer.evaluate(data), 'trained by train(it)')",
        "trainer.log_metrics('eval', trainer.evaluate()); trainer.save_model()"
      })
  void one_that_evaluates_alone_trains_nothing(String last) {
    assertThat(of("a.py", program(last)).unreadable().get(JobKey.METHOD))
        .satisfies(error -> assertThat(error.kind()).isEqualTo(ErrorKind.NO_TRAINING))
        .satisfies(error -> assertThat(error.refusal()).hasMessageContaining("a.py:5:"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trainer.train(); trainer.evaluate()",
        "run_training(trainer); trainer.evaluate()",
        "trainer.evaluate(); loss.backward()",
        "run(trainer); trainer.evaluate()",
        "fn = trainer.train\nfn()\ntrainer.evaluate()",
        "getattr(trainer, 'train')()\ntrainer.evaluate()",
        "trainer.training_step(model, batch); trainer.evaluate()",
        "trainer.hyperparameter_search(n_trials=3); trainer.evaluate()",
        "(trainer\n .train)()\ntrainer.evaluate()",
        "other = trainer; trainer.evaluate()",
        "run(Trainer(model=model)); trainer.evaluate()",
        "'''\ntrainer.evaluate()\n'''",
        "print(model)"
      })
  void one_that_may_train_is_read(String last) {
    assertThat(of("a.py", program(last)).unreadable()).isEmpty();
    assertThat(values(of("a.py", program(last)))).containsEntry("model.id", "Qwen/Qwen2.5-7B");
  }

  @Test
  void a_model_that_is_made_ready_to_generate_beside_nothing_that_trains_is_not_trained() {
    String loads = "model, tok = FastLanguageModel.from_pretrained('unsloth/Qwen3-4B')\n";
    String generates = "FastLanguageModel.for_inference(model)\nmodel.generate(**tok('a'))\n";
    String adapts = "model = FastLanguageModel.get_peft_model(model, r=8)\n";
    String trains = "SFTTrainer(model=model, args=SFTConfig()).train()\n";

    assertThat(of("a.py", loads + generates).unreadable()).containsKey(JobKey.METHOD);
    for (String other : List.of(adapts + generates, adapts + trains + generates, "")) {
      assertThat(of("a.py", loads + other).unreadable()).doesNotContainKey(JobKey.METHOD);
    }
  }
}
