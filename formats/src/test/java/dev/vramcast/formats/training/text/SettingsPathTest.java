package dev.vramcast.formats.training.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of settings that a program names where it loads them. */
class SettingsPathTest {

  private static final String TRAINS =
      """
      def main():
          cfg = %s
          model = AutoModelForCausalLM.from_pretrained(cfg["model"]["base"])
          sft = SFTConfig(per_device_train_batch_size=cfg["training"]["batch"], max_length=64)
          lora = LoraConfig(r=cfg["lora"]["r"], target_modules=cfg["lora"]["on"])
          SFTTrainer(model=model, args=sft, peft_config=lora).train()

      main()
      """;

  private static final Map<String, String> FILES =
      Map.of(
          "runs/a.yaml",
          "model: {base: Qwen/Qwen2.5-7B}\nlora: {r: 24, on: [q_proj]}\ntraining: {batch: 3}\n",
          "runs/b.json",
          "{\"model\": {\"base\": \"a/b\"}, \"lora\": {\"r\": 4, \"on\": [\"v_proj\"]},"
              + " \"training\": {\"batch\": 3}}");

  private static Reading read(String program) {
    String imports = "import json, yaml\nfrom pathlib import Path\n";
    return TrainingFiles.read(
        List.of(TrainingText.of(imports + program, "train.py")),
        Optional.empty(),
        path -> Optional.ofNullable(FILES.get(path)).map(found -> TrainingText.of(found, path)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def load_config(path=\"runs/a.yaml\"):\n    with open(path) as f:\n"
            + "        return yaml.safe_load(f)\n",
        "ROOT = Path(__file__).parent\nCONFIG_PATH = ROOT / \"runs\" / \"a.yaml\"\n"
            + "def load_config(path: Path = CONFIG_PATH) -> dict:\n"
            + "    return yaml.safe_load(path.read_text())\n",
        "WHERE = \"runs/a.yaml\"\ndef load_config(cfg_file: str = WHERE):\n"
            + "    return yaml.safe_load(open(cfg_file))\n"
      })
  void it_may_be_the_default_of_the_function_that_loads_them(String loads) {
    assertThat(Readings.values(read(loads + TRAINS.formatted("load_config()"))))
        .containsEntry("model.id", "Qwen/Qwen2.5-7B")
        .containsEntry("lora.rank", 24)
        .containsEntry("batch.micro_batch", 3);
  }

  @Test
  void one_that_a_call_names_stands_over_that_default() {
    String loads =
        "def load_config(path=\"runs/a.yaml\"):\n    with open(path) as f:\n"
            + "        return json.load(f)\n";

    assertThat(Readings.values(read(loads + TRAINS.formatted("load_config(\"runs/b.json\")"))))
        .containsEntry("model.id", "a/b")
        .containsEntry("lora.rank", 4);
  }

  @Test
  void of_two_defaults_neither_is_taken() {
    String loads =
        "def load_config(path=\"runs/a.yaml\"):\n    return yaml.safe_load(open(path))\n"
            + "def load_other_config(path=\"runs/b.json\"):\n    return json.load(open(path))\n";
    Reading reading = read(loads + TRAINS.formatted("load_config()"));

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("not known before the program runs");
  }
}
