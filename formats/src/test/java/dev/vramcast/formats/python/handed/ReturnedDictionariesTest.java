package dev.vramcast.formats.python.handed;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.vramcast.formats.python.PythonCalls;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments that a program puts together in dictionaries. */
class ReturnedDictionariesTest {

  private static final String BATCH = "batch.micro_batch";

  private static final String TRAINS =
      """
      model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
      Trainer(model=model, args=TrainingArguments(**GIVEN)).train()
      """;

  private static Reading trains(String program, String given) {
    return of("train.py", program.replace("~", "\n") + TRAINS.replace("GIVEN", given));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "def args():~    return {'per_device_train_batch_size': 3}~; args()",
        "def args():~    return dict(per_device_train_batch_size=3)~; args()",
        "def args():~    a = {}~    a['per_device_train_batch_size'] = 3~    return a~; args()",
        "def args(size):~    return {'per_device_train_batch_size': size}~; args(3)",
        "def args(size: int = 3):~    return {'per_device_train_batch_size': size}~; args()",
        "def args(*, out, size=2):~    return {'per_device_train_batch_size': size}~;"
            + " args(out='x', size=3)",
        "size = 8~def args(size):~    return {'per_device_train_batch_size': size}~; args(3)",
        "def args(c):~    return {'per_device_train_batch_size': c['size']}~; args({'size': 3})",
        "base = {'per_device_train_batch_size': 3}~; {'fp16': False, **base}",
        "base = {'per_device_train_batch_size': 8}~; {**base, 'per_device_train_batch_size': 3}",
        "base = {'per_device_train_batch_size': 3}~; dict(base, fp16=False)",
        "base = {'per_device_train_batch_size': 8}~; dict(**base, per_device_train_batch_size=3)",
        "def args(*a, per_device_train_batch_size=3):~    return"
            + " {'per_device_train_batch_size': per_device_train_batch_size}~; args(1, 2, 8)",
        "a = {'per_device_train_batch_size': 3}~b = a.get('x')~; a",
        "a = {}~a.update(per_device_train_batch_size=3)~; a",
        "a = {'per_device_train_batch_size': 8}~a.update({'per_device_train_batch_size': 3})~; a",
      })
  void the_batch_is_what_the_dictionary_says(String program, String given) {
    assertThat(values(trains(program, given))).containsEntry(BATCH, 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "def args(c):~    if c:~        return {}~    return {'fp16': True}~; args(other)",
        "def args(c):~    return {**made(c), 'fp16': True}~; args(other)",
        "def args(c):~    return made(c)~; args(other)",
        "def args(size):~    return {'per_device_train_batch_size': size}~; args(best())",
        "def args():~    return {'fp16': True}~def args():~    return {}~; args()",
        "a = {'fp16': True}~a.update(made())~; a",
        "a = {'per_device_train_batch_size': 3}~a.pop('per_device_train_batch_size')~; a",
        "a = {'per_device_train_batch_size': 3}~del a['per_device_train_batch_size']~; a",
        "a = {'fp16': True}~a.setdefault('per_device_train_batch_size', 3)~; a",
        "a = {'fp16': True}~a |= {'per_device_train_batch_size': 3}~; a",
        "a = {'per_device_train_batch_size': 3}~def other():~"
            + "    a.update(per_device_train_batch_size=8)~; a",
        "; {'fp16': True, **made()}",
        "; dict(made(), fp16=True)",
      })
  void a_batch_that_may_be_in_what_is_not_known_is_left_open(String program, String given) {
    Reading reading = trains(program == null ? "" : program, given);

    assertThat(values(reading)).doesNotContainKey(BATCH);
    assertThat(reading.unreadable()).isNotEmpty();
  }

  @Test
  void calls_of_other_functions_are_not_gone_through_for_it() {
    String makes = "def args():\n    return {'per_device_train_batch_size': 3}\n";
    String calls = "x = a(b(c(d(e(f(g(h(1, 2), 3), 4), 5), 6), 7), 8), 9)\n".repeat(200);

    assertThat(values(trains(makes + calls, "args()"))).containsEntry(BATCH, 3);
  }

  @Test
  void a_function_may_stand_below_the_call() {
    String program =
        "def main():~    Trainer(args=TrainingArguments(**args()))~"
            + "def args():~    return {'per_device_train_batch_size': 3}~main()~";

    assertThat(values(of("train.py", program.replace("~", "\n")))).containsEntry(BATCH, 3);
  }

  @Test
  void what_a_function_returns_is_not_put_together_without_end() {
    StringBuilder program = new StringBuilder("def args(n):\n    return {");
    IntStream.range(0, 900).forEach(i -> program.append("'k").append(i).append("': n, "));
    program.append("}\n");
    IntStream.range(0, 1_500).forEach(i -> program.append("x%d = args(%d)\n".formatted(i, i)));

    assertThatCode(() -> trains(program.toString(), "args(3)")).doesNotThrowAnyException();
    List<Node.Scalar> lines =
        program.toString().lines().map(line -> new Node.Scalar(line, Mark.of(1))).toList();
    Map<String, Node> constants = PythonCalls.program(lines, Told.NOTHING).constants();
    assertThat(constants.get("x0")).isInstanceOf(Node.Fields.class);
    assertThat(constants.get("x1499")).isInstanceOf(Node.Scalar.class);
  }

  @Test
  void what_a_method_returns_is_known_by_its_object() {
    String program =
        "class Run:~    def args(self, size):~        return {'per_device_train_batch_size': size}~"
            + "    def go(self):~        return Trainer(args=TrainingArguments(**self.args(3)))~";

    assertThat(values(of("train.py", program.replace("~", "\n") + "Run().go().train()\n")))
        .containsEntry(BATCH, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"made(c)", "{'lora_alpha': 16, **made(c)}"})
  void adapters_of_which_nothing_is_known_are_left_open(String given) {
    String program =
        "model = get_peft_model(model, LoraConfig(**%s))\n".formatted(given)
            + TRAINS.replace("**GIVEN", "'out'");

    assertThat(of("train.py", program).unreadable()).isNotEmpty();
  }

  @Test
  void adapters_of_unsloth_of_which_nothing_is_known_are_left_open() {
    String program =
        """
        model, tokenizer = FastLanguageModel.from_pretrained("unsloth/Qwen2.5-7B")
        model = FastLanguageModel.get_peft_model(model, **lora(preset))
        SFTTrainer(model=model, args=SFTConfig("out")).train()
        """;

    assertThat(of("train.py", program).unreadable()).isNotEmpty();
    assertThat(values(of("train.py", program.replace("model, **", "model, r=24, **"))))
        .containsEntry("lora.rank", 24);
  }
}
