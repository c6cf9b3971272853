package dev.vramcast.formats.python.handed;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static Reading trained(String more) {
    return of(
        "train.py",
        """
        def train(batch=16):
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
            args = TrainingArguments(output_dir="out", per_device_train_batch_size=batch)
            trainer = Trainer(model=model, args=args)
            trainer.train()

        """
            + more
            + "\n");
  }

  /** It is a default of what may be called with something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.remote(16)",
        "mp.spawn(train, args=(8,), nprocs=2)",
        "notebook_launcher(train, (8,), num_processes=2)",
        "pool.map(train, [8, 4])",
        "map(train, [8, 4])",
        "tuner = Trainer(model_init=train)",
        "run = train",
        "train()\nmp.spawn(train, args=(8,))",
      })
  void a_function_that_is_handed_on_has_no_known_value(String call) {
    assertThat(values(trained(call))).doesNotContainKey("batch.micro_batch");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train()",
        "train()  # train and eval",
        "train()\nprint('train')",
        "train()\ndata = load_dataset('a/b', split='train')\nd = dict(train=data)",
        "train()\nother.train()",
      })
  void a_function_that_is_called_alone_has_its_default(String call) {
    assertThat(values(trained(call))).containsEntry("batch.micro_batch", 16);
    assertThat(trained(call).findings()).noneMatch(finding -> finding.key().equals("batch"));
  }

  @Test
  void a_default_of_a_function_that_nothing_calls_is_assumed() {
    Reading reading = trained("");

    assertThat(values(reading)).containsEntry("batch.micro_batch", 16);
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("batch");
    assertThat(reading.document().remarks())
        .anySatisfy(
            remark ->
                assertThat(remark.notice().toString()).contains("nothing in the program calls"));
  }

  private static Reading made(String call) {
    return of(
        "train.py",
        """
        class Runner:
            def __init__(self, batch=16):
                self.args = TrainingArguments("out", per_device_train_batch_size=batch)

            def train(self, length=512):
                model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
                data = tokenizer(rows, max_length=length, truncation=True)
                Trainer(model=model, args=self.args, train_dataset=data).train()

        """
            + call
            + "\n");
  }

  @Test
  void an_object_is_made_by_its_class() {
    assertThat(values(made("Runner(batch=4)"))).containsEntry("batch.micro_batch", 4);
    assertThat(values(made("Runner()"))).containsEntry("batch.micro_batch", 16);
    assertThat(values(made("Runner.remote(4)"))).doesNotContainKey("batch.micro_batch");
    assertThat(values(made("class Other(Runner):\n    pass\nOther(4)")))
        .doesNotContainKey("batch.micro_batch");
    assertThat(values(made("runner = Runner()\nrunner.train(64)")))
        .doesNotContainEntry("batch.sequence_length", 512);
  }

  @Test
  void what_maps_a_data_set_is_given_its_rows_alone() {
    String mapped = PROGRAM.replace("tokenized(read(), tok)", "d.map(tokenized, batched=True)");
    assertThat(values(of("train.py", mapped))).containsEntry("batch.sequence_length", 512);
    String counted = mapped.replace("batched=True", "with_rank=True");
    assertThat(values(of("train.py", counted))).doesNotContainEntry("batch.sequence_length", 512);
  }

  private static final String ADAPTED =
      """
      MODEL = "Qwen/Qwen3-8B"
      TARGETS = ["q_proj", "v_proj"]

      def adapters(modules%s):
          return LoraConfig(r=16, target_modules=modules)

      def load(name=MODEL):
          return AutoModelForCausalLM.from_pretrained(name)

      def train(model):
          %s
          model = get_peft_model(model, peft_config)
          Trainer(model=model, args=TrainingArguments("out")).train()

      train(load())
      """;

  @Test
  void a_list_is_handed_on_and_so_is_what_looks_for_all_linear_layers() {
    String listed = ADAPTED.formatted("", "peft_config = adapters(['o_proj', 'k_proj'])");
    assertThat(values(of("train.py", listed)))
        .containsEntry("lora.targets", List.of("o_proj", "k_proj"));
    String found = "modules = find_all_linear_names(model)\n    peft_config = adapters(modules)";
    assertThat(values(of("train.py", ADAPTED.formatted("", found))))
        .containsEntry("lora.targets", List.of("all-linear"));
  }

  @Test
  void a_default_may_be_a_constant_of_the_program() {
    String program = ADAPTED.formatted("=TARGETS", "peft_config = adapters()");
    assertThat(values(of("train.py", program)))
        .containsEntry("model.id", "Qwen/Qwen3-8B")
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"));
    String changed = program.replace("train(load())", "MODEL = other()\ntrain(load())");
    assertThat(values(of("train.py", changed))).doesNotContainEntry("model.id", "Qwen/Qwen3-8B");
  }
}
