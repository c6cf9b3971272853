package dev.vramcast.formats.training.imports;

import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.module.UsedNames;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.growth.Growth;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names of a program's modules mean there what Python finds by them. */
class FollowedNamesTest {

  private static final String HEAD =
      """
      from trl import SFTConfig, SFTTrainer
      from transformers import AutoModelForCausalLM
      from peft import LoraConfig, get_peft_model
      """;

  private static final String TRAINED =
      """
      args = SFTConfig(output_dir="o", max_length=512)
      SFTTrainer(model=model, args=args, train_dataset=ds).train()
      """;

  private static Reading reading(String program, Map<String, String> files) {
    return TrainingFiles.read(
        List.of(TrainingText.of(program, "lab/train.py")),
        Optional.empty(),
        path -> Optional.ofNullable(files.get(path)).map(text -> TrainingText.of(text, path)));
  }

  private static Reading adapted(String imports, String rank, Map<String, String> files) {
    return reading(
        HEAD
            + imports
            + "\nmodel = AutoModelForCausalLM.from_pretrained('meta-llama/Llama-3.1-8B')\n"
            + "model = get_peft_model(model, LoraConfig(r="
            + rank
            + ", target_modules=['q_proj']))\n"
            + TRAINED,
        files);
  }

  private static void isRank(int rank, Reading reading) {
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Llama-3.1-8B")
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", rank);
  }

  @Test
  void an_alias_is_neither_the_name_of_an_argument_nor_in_a_text() {
    Map<String, String> files = Map.of("lab/settings.py", "LORA_RANK = 64\n");

    isRank(64, adapted("from settings import LORA_RANK as r", "r", files));
    isRank(64, adapted("from settings import LORA_RANK as Llama", "Llama", files));
  }

  @Test
  void what_an_f_string_puts_in_is_a_name() {
    String source = "x = f(size=size, s='size', t=f'{size:>4} {{size}}', u=a.size)";

    assertThat(UsedNames.of(source).with(Map.of("size", "SIZE")))
        .isEqualTo("x = f(size=SIZE, s='size', t=f'{SIZE:>4} {{size}}', u=a.size)");
  }

  @Test
  void a_local_name_is_none_of_a_module() {
    String program =
        HEAD
            + """
            import cfg
            def main():
                rank = 8
                model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B")
                model = get_peft_model(model, LoraConfig(r=cfg.rank, target_modules=["q_proj"]))
                args = SFTConfig(output_dir="o", max_length=512)
                SFTTrainer(model=model, args=args, train_dataset=ds).train()
            main()
            """;

    isRank(64, reading(program, Map.of("lab/cfg.py", "rank = 64\n")));
  }

  @Test
  void modules_keep_their_own_of_a_name_that_several_have() {
    String model =
        """
        from transformers import AutoModelForCausalLM
        LENGTH = 512
        def _make(name):
            return AutoModelForCausalLM.from_pretrained(name)
        def build(name):
            return _make(name)
        """;
    String arguments =
        """
        from trl import SFTConfig
        LENGTH = 8192
        def _make():
            return SFTConfig(output_dir="o", max_length=LENGTH)
        def arguments():
            return _make()
        """;
    String program =
        """
        from trl import SFTTrainer
        from model import build, LENGTH as unused
        from targs import arguments
        LENGTH = 128
        print(unused)
        model = build("meta-llama/Llama-3.1-8B")
        SFTTrainer(model=model, args=arguments(), train_dataset=ds).train()
        """;

    assertThat(values(reading(program, Map.of("lab/model.py", model, "lab/targs.py", arguments))))
        .containsEntry("model.id", "meta-llama/Llama-3.1-8B")
        .containsEntry("batch.sequence_length", 8192);
  }

  @Test
  void the_last_import_of_a_name_counts() {
    Map<String, String> files =
        Map.of(
            "lab/base.py",
            "R = 8\n",
            "lab/exp.py",
            "from base import *\nR = 64\n",
            "lab/all.py",
            "from base import *\n");

    isRank(64, adapted("from base import *\nfrom exp import *", "R", files));
    isRank(8, adapted("from exp import R\nfrom base import R", "R", files));
    isRank(64, adapted("from exp import *", "R", files));
    isRank(8, adapted("from all import *", "R", files));
  }

  @Test
  void a_name_that_one_of_two_imports_gives_is_open() {
    Reading reading =
        adapted(
            "if big:\n    from exp import R\nelse:\n    from base import R",
            "R",
            Map.of("lab/base.py", "R = 16\n", "lab/exp.py", "R = 64\n"));

    assertThat(values(reading)).doesNotContainKey("lora.rank");
  }

  @Test
  void a_package_hands_on_by_another_name_and_has_functions_itself() {
    String build =
        "from peft import LoraConfig, get_peft_model\ndef build(model):\n"
            + "    return get_peft_model(model, LoraConfig(r=77, target_modules=['q_proj']))\n";
    String model = "model = AutoModelForCausalLM.from_pretrained('meta-llama/Llama-3.1-8B')\n";

    isRank(
        77,
        reading(
            HEAD + "from pkg import make\n" + model + "model = make(model)\n" + TRAINED,
            Map.of(
                "lab/pkg/__init__.py",
                "from .made import build as make\n",
                "lab/pkg/made.py",
                build)));
    isRank(
        77,
        reading(
            HEAD + "from . import build\n" + model + "model = build(model)\n" + TRAINED,
            Map.of("lab/__init__.py", build)));
  }

  @Test
  void modules_that_import_each_other_are_open() {
    Reading reading =
        adapted(
            "from a import R",
            "R",
            Map.of("lab/a.py", "from b import R\n", "lab/b.py", "from a import R\n"));

    assertThat(values(reading)).doesNotContainKey("lora.rank");
  }

  @Test
  void a_function_that_converts_what_is_trained_is_followed() {
    String convert =
        "from peft import LoraConfig, get_peft_model\ndef convert_to_lora(model):\n"
            + "    return get_peft_model(model, LoraConfig(r=64, target_modules=['q_proj']))\n";
    String model = "model = AutoModelForCausalLM.from_pretrained('meta-llama/Llama-3.1-8B')\n";

    isRank(
        64,
        reading(
            HEAD
                + "from utils import convert_to_lora\n"
                + model
                + "model = convert_to_lora(model)\n"
                + TRAINED,
            Map.of("lab/utils.py", convert)));
  }

  @Test
  void a_function_that_is_named_as_one_of_trl_is_the_programs_own() {
    String program =
        HEAD
            + """
            from utils import get_peft_config
            args = SFTConfig(output_dir="o", max_length=512)
            model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B")
            SFTTrainer(model=model, args=args, peft_config=get_peft_config()).train()
            """;
    String utils =
        """
        from peft import LoraConfig
        def get_peft_config(rank=64):
            return LoraConfig(r=rank, target_modules=["q_proj"])
        """;

    isRank(64, reading(program, Map.of("lab/utils.py", utils)));
  }

  @Test
  void modules_beyond_the_most_that_are_followed_are_said() {
    Map<String, String> files = new HashMap<>();
    IntStream.range(0, 25).forEach(i -> files.put("lab/m" + i + ".py", "R" + i + " = 64\n"));
    String imports =
        IntStream.range(0, 25)
            .mapToObj(i -> "from m" + i + " import R" + i + "\nprint(R" + i + ")")
            .collect(Collectors.joining("\n"));

    assertThat(adapted(imports, "8", files).findings())
        .filteredOn(finding -> finding.code() == FindingCode.NOT_FOLLOWED)
        .anySatisfy(
            finding ->
                assertThat(finding.notice().toString())
                    .contains("lab/m20.py is a module of the program that is not followed"));
  }

  /** A program whose first half is one of its modules. */
  static final class Halves implements Consumer<String> {
    @Override
    public void accept(String text) {
      String[] halves = text.split("=====\n");
      TrainingFile module = file("lab/m.py", halves[0]);
      FollowedModules.lines(
          file("lab/train.py", halves[1]),
          ModuleFiles.ANYWHERE,
          path -> path.equals("lab/m.py") ? Optional.of(module) : Optional.empty());
    }

    private static TrainingFile file(String name, String text) {
      String[] rows = text.split("\n");
      List<Node.Scalar> lines =
          IntStream.range(0, rows.length)
              .mapToObj(i -> new Node.Scalar(rows[i], Mark.of(i + 1)))
              .toList();
      TrainingFile empty = TrainingText.of("import m\n", name);
      return new TrainingFile(
          name, Form.PROGRAM, empty.root(), Optional.empty(), List.of(), "", empty.given(), lines);
    }
  }

  private static String repeated(int size, String shape) {
    return IntStream.range(0, size)
        .mapToObj(i -> shape.replace("#", String.valueOf(i)))
        .collect(Collectors.joining());
  }

  @Test
  @Tag("slow")
  void names_of_modules_take_as_long_as_they_are_many() {
    Growth.of(Halves.class)
        .isLinear(
            "names of a module",
            size ->
                repeated(size, "def f#(a):\n    return g(a, lora=C#)\nC# = int(#)\n")
                    + "=====\nfrom m import *\n"
                    + repeated(size / 4, "from m import C# as c#\n")
                    + repeated(size, "x = f#(C#, c#)\n"),
            400);
  }
}
