package dev.vramcast.formats.growth;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.growth.Growth;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of frameworks and launchers, whatever is in them again and again. */
@Tag("slow")
@Order(1)
class TrainingGrowthTest {

  private static final int SIZE = 100;

  /** Reads a file, and has each framework understand it. */
  abstract static class Reading implements Consumer<String> {

    private final String name;

    Reading(String name) {
      this.name = name;
    }

    @Override
    public void accept(String text) {
      try {
        TrainingFile file = TrainingText.of(text, name);
        TrainingFiles.readers().forEach(reader -> understand(reader, file));
        TrainingFiles.read(List.of(file), Optional.empty(), path -> Optional.empty());
      } catch (InputException | UnsupportedJobException e) {
        // Refused in one line, which other tests hold.
      }
    }

    private static void understand(ConfigReader reader, TrainingFile file) {
      try {
        reader.read(file, SiblingFiles.NONE);
      } catch (InputException | UnsupportedJobException e) {
        // As above.
      }
    }
  }

  static final class Shell extends Reading {
    Shell() {
      super("run.sh");
    }
  }

  static final class Yaml extends Reading {
    Yaml() {
      super("job.yaml");
    }
  }

  static final class Json extends Reading {
    Json() {
      super("job.json");
    }
  }

  static final class Notebook extends Reading {
    Notebook() {
      super("train.ipynb");
    }
  }

  static final class Toml extends Reading {
    Toml() {
      super("job.toml");
    }
  }

  static final class Python extends Reading {
    Python() {
      super("train.py");
    }
  }

  private static final Growth SHELL = Growth.of(Shell.class);
  private static final Growth YAML = Growth.of(Yaml.class);
  private static final Growth JSON = Growth.of(Json.class);
  private static final Growth NOTEBOOK = Growth.of(Notebook.class);
  private static final Growth TOML = Growth.of(Toml.class);
  private static final Growth PYTHON = Growth.of(Python.class);

  static Stream<String> scripts() {
    return Stream.of(
        "@$(",
        "swift sft --x \"@$(",
        "swift sft --x @$(x) ",
        "@V#=1\n",
        "@V=1\n",
        "@export V#=$V\n",
        "@V#=1\nswift sft --x $V#\n",
        "@swift sft --a 1\n",
        "V=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nswift sft @--x $V ",
        "swift sft @--a# 1 ",
        "swift sft @--a 1 ",
        "swift sft @a=1 ",
        "swift sft --x @a ",
        "@<<a ",
        "@<< 'a' b\n",
        "@<<E\nx\n",
        "@read -r -d '' X <<E\nx\nE\n",
        "@${a-",
        "@${a:-b}",
        "@$a",
        "@'",
        "@\"",
        "swift sft --x '@a",
        "swift sft --x \"@a",
        "@\\\n",
        "swift sft @\\\n",
        "@a=(",
        "A=(@b ",
        "A=(1)\n@A=(${A[@]} ${A[@]})\n",
        "A=x\n@A=$A$A\n",
        "@case x in\n",
        "@# x\n",
        "@x; ",
        "@$((1+1))",
        "@$(expr 1 + 1) ",
        "n=2\n@n=$((n*2))\n",
        "@> ",
        "@>",
        "@1>&",
        "@< ",
        "@ ",
        "@\n",
        "@\n#",
        "@/",
        "@a.py ",
        "python @a.py ",
        "accelerate launch @--config_file a.yaml ",
        "deepspeed train.py @--deepspeed ds.json ",
        "@cd aaaaaaaa\n",
        "@(cd a; V#=1)\n",
        "@( V=1; @)",
        "torchrun @-m ",
        "uv run @-- ");
  }

  static Stream<String> documents() {
    return Stream.of(
        "jobs:\n  a:\n    steps:\n@    - run: swift sft --x ${{ a }}\n",
        "jobs:\n  a:\n    env: {@B#: 1, ",
        "@a#: 1\n",
        "@a: 1\n",
        "a:\n@- 1\n",
        "a:\n@- {b: 1}\n",
        "a:\n@  b#:\n    c: 1\n",
        "a: [@1, ",
        "a: {@b#: 1, ",
        "@a#: &x# 1\n",
        "@a#: &x# 1\nb#: *x#\n",
        "a: &x {b: 1}\n@c#:\n  <<: *x\n",
        "a: &x {b: 1}\nc:\n@  <<: *x\n",
        "@'",
        "@\"",
        "a: '@b\n",
        "a: \"@b\\n",
        "a: |\n@ b\n",
        "a: >\n@ b\n",
        "@? ",
        "@: ",
        "@---\n",
        "@#c\n",
        "@!x ",
        "@&x ",
        "@*x ",
        "@\t",
        "@\u00e9",
        "a: @\ud83d\ude00",
        "@ ",
        "@\n",
        "@{{ x }}\n",
        "a: @{{ x ",
        "@a.b.c#: 1\n",
        "@a#: auto\n",
        "base_model: gpt2\nadapter: lora\n@# x\n",
        "base_model: gpt2\nlora_target_modules:\n@- q_proj\n",
        "datasets:\n@- path: a\n  type: b\n",
        "@a#: ${a}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"@{", "@[", "@{a: ", "@[a, "})
  void brackets_take_no_more_behind_the_window_of_a_key(String shape) {
    // YAML looks 1,024 characters ahead for the end of a key.
    YAML.isLinear(shape, 2_000);
  }

  static Stream<String> objects() {
    return Stream.of(
        "@{\"a\":",
        "@[",
        "{\"a\":[@1,",
        "{@\"a#\":1,",
        "{\"a\":\"@b",
        "{\"a\":\"@\\n",
        "{\"a\":@1",
        "{\"a\": @ ",
        "{\"cells\":[@{\"cell_type\":\"code\",\"source\":[\"x=1\"]},");
  }

  static Stream<String> tables() {
    return Stream.of(
        "@[a#]\n",
        "@a# = 1\n",
        "@a.b.c# = 1\n",
        "@[[a]]\n",
        "@[[a.b]]\n",
        "a = [@1,",
        "a = [@\n",
        "@[",
        "a = {@b# = 1,",
        "a = '@x",
        "a = \"\"\"@x\n",
        "@\"",
        "a = \"@\\\\",
        "@#\n",
        "@a=",
        "@.",
        "[@a.");
  }

  static Stream<String> programs() {
    return Stream.of(
        "@f(",
        "@f(a=1)\n",
        "@f(a @)",
        "@f([@])",
        "@f({'a':@})",
        "@[@]",
        "x=@(@)",
        "f(x=@g([1,2],@))",
        "a=[1]\n@a=[a,a]\n",
        "a=[1]\n@a=[a,a]\nc#=SFTConfig(x=a)\n",
        "f(@a#=1,",
        "f(@g(b=1),",
        "@a#=1\n",
        "@a#=a\n",
        "a=1\n@a=a\n",
        "@\"\"\"",
        "@'",
        "@\"",
        "@#\n",
        "@# x ",
        "@{",
        "@[",
        "x=[@1,",
        "x={@'a#':1,",
        "@\\\n",
        "@f\"{",
        "x='@a",
        "@import a\n",
        "@if x:\n",
        "@if x# > torch.cuda.mem_get_info()[0]:\n  y = 1\nelse:\n  y = 2\n",
        "x = 1\n@if x < torch.cuda.mem_get_info()[0]:\n  x = 1\nelse:\n  x = 2\n",
        "x = torch.cuda.mem_get_info()\n@if x:\n  y# = x > 1\n",
        "x = [@1,0]\nif x > 1:\n  y = 1\n",
        "if @x > 1 and ",
        "x = f'@{y}",
        "x = f'@{",
        "x = f'@{y[\"a\"]}",
        "x = 'a'\n@x = f'{x}{x}'\n",
        "def f(a):\n  g(@a#=f'{a}{a}', ",
        "@a, b = 1, 2\n",
        "@a, ",
        "class AConfig:\n  def __init__(self):\n    self.x = 1\n@  def f#(self):\n    self.x = 2\n",
        "@c = SFTConfig(a=1)\n",
        "c = SFTConfig(@a#=1, ",
        "@t = SFTTrainer(model=m, args=c)\n",
        "from trl import SFTConfig, SFTTrainer\n@a# = SFTConfig(output_dir='x')\n",
        "from trl import SFTConfig, SFTTrainer\n@a# = SFTTrainer(model='gpt2', args=a)\n",
        "@x = x.y",
        "x = @y.",
        "class A(@B, ",
        "@fire.Fire(\n",
        "fire.Fire(f)\ndef f(@a#=1,\n",
        "@model = AutoModelForCausalLM.from_pretrained('gpt2')\n",
        "@m# = AutoModelForCausalLM.from_pretrained('gpt2')\n",
        "model = AutoModelForCausalLM.from_pretrained('gpt2')\n"
            + "@m# = AutoModelForCausalLM.from_pretrained('gpt2')\n",
        "model = AutoModelForCausalLM.from_pretrained('gpt2')@.half()",
        "f(x=c@.get",
        "x = @1 + ",
        "x = @(",
        "@ ",
        "@\n",
        "@\t");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void scripts_take_as_long_as_they_are(String shape) {
    SHELL.isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void documents_take_as_long_as_they_are(String shape) {
    YAML.isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("objects")
  void json_takes_as_long_as_it_is(String shape) {
    JSON.isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void toml_takes_as_long_as_it_is(String shape) {
    TOML.isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void programs_take_as_long_as_they_are(String shape) {
    PYTHON.isLinear(shape, SIZE);
  }

  @Test
  void words_far_to_the_right_cost_nothing_for_each_that_repeats_them() {
    YAML.isLinear(
        "args: *a",
        times ->
            "apiVersion: v1\nkind: Pod\nspec:\n  x: &a ["
                + " ".repeat(20 * times)
                + "torchrun, train.py, --lora_r, 8]\n  c:\n"
                + "  - args: *a\n".repeat(times),
        SIZE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apiVersion: v1\nkind: Pod\nspec:\n  c:\n  - args: [torchrun, t.py@, \"a\\nb\"",
        "apiVersion: v1\nkind: Pod\nspec:\n  c:\n  - args:\n    - torchrun\n    - t.py\n"
            + "@    - |\n      a\n      b\n",
        "type: task\ncommands: [@torchrun train.py --lora_r 8, @]",
        "resources: {}\nrun: |\n@  torchrun train.py --lora_r 8\n"
      })
  void tasks_of_a_cluster_take_as_long_as_they_are(String shape) {
    YAML.isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"@!torchrun train.py --lora_r 8\\n",
        "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"@!\\n",
      })
  void commands_in_a_cell_take_as_long_as_they_are(String start) {
    NOTEBOOK.isLinear(
        start, times -> start.split("@")[0] + start.split("@")[1].repeat(times) + "\"}]}", SIZE);
  }
}
