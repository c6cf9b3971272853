package dev.vramcast.formats.python.handed;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandedValuesTest {

  private static final String PROGRAM =
      """
      def load(name: str, kind="sdpa"):
          return AutoModelForCausalLM.from_pretrained(name, attn_implementation=kind)

      def tokenized(rows, tokenizer, max_length=512):  # of one part
          return tokenizer(rows, max_length=max_length, truncation=True)

      def main(batch):
          model = load("Qwen/Qwen3-8B")
          data = tokenized(read(), tok)
          args = TrainingArguments(output_dir="out", per_device_train_batch_size=batch)
          Trainer(model=model, args=args, train_dataset=data).train()

      main(6)
      """;

  @Test
  void a_parameter_is_what_the_function_is_handed_or_its_default() {
    assertThat(values(of("train.py", PROGRAM)))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("attention", "sdpa")
        .containsEntry("batch.micro_batch", 6)
        .containsEntry("batch.sequence_length", 512);
    String call = "tokenized(read(), tok)";
    assertThat(values(of("train.py", PROGRAM.replace(call, "tokenized(read(), tok, 900)"))))
        .containsEntry("batch.sequence_length", 900);
    assertThat(values(of("train.py", PROGRAM.replace(call, "tokenized(a, t, max_length=700)"))))
        .containsEntry("batch.sequence_length", 700);
  }

  @Test
  void a_parameter_that_calls_do_not_agree_on_is_not_known() {
    String twice = PROGRAM.replace("main(6)", "main(6)\ntokenized(rest(), tok, 100)");
    assertThat(values(of("train.py", twice))).doesNotContainKey("batch.sequence_length");
    String open = PROGRAM.replace("main(6)", "main(options.batch)");
    assertThat(values(of("train.py", open))).doesNotContainKey("batch.micro_batch");
    String mapped =
        PROGRAM
            .replace("tokenized(read(), tok)", "d.map(tokenized, fn_kwargs={'max_length': 9})")
            .replace("main(6)", "main(6)");
    assertThat(values(of("train.py", mapped))).doesNotContainEntry("batch.sequence_length", 512);
  }
}
