package dev.vramcast.formats.write.train.torchtune;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The builder of the model and its adapters. */
final class TorchtuneAdapter {

  private static final List<String> MLP = List.of("gate_proj", "up_proj", "down_proj");
  private static final Map<String, String> ATTENTION = new LinkedHashMap<>();

  static {
    ATTENTION.put("q_proj", "q_proj");
    ATTENTION.put("k_proj", "k_proj");
    ATTENTION.put("v_proj", "v_proj");
    ATTENTION.put("o_proj", "output_proj");
  }

  private TorchtuneAdapter() {}

  static void put(JobCoverage coverage, OutputKeys output, TorchtuneModel model) {
    Method method = coverage.job().method();
    QuantizationScheme scheme = coverage.job().quantization().scheme();
    if (scheme != QuantizationScheme.NONE && scheme != QuantizationScheme.NF4) {
      throw coverage.refusal(JobKey.QUANTIZATION_SCHEME, "none, nf4");
    }
    String path = "torchtune.models." + model.packageName() + ".";
    switch (method) {
      case FULL -> output.put("model._component_", path + model.builder());
      case LORA, QLORA, DORA -> {
        boolean quantised = scheme == QuantizationScheme.NF4;
        output.put("model._component_", path + "lora_" + model.builder());
        adapter(coverage, output);
        output.put("model.quantize_base", quantised);
        if (method == Method.DORA) {
          output.put("model.use_dora", true);
        }
      }
      case RSLORA, PISSA, OFT, IA3, VERA, LOHA, LOKR, MISS, FREEZE, GALORE ->
          throw coverage.refusal(JobKey.METHOD, "full, lora, qlora, dora");
    }
    coverage.says(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME);
  }

  private static void adapter(JobCoverage coverage, OutputKeys output) {
    AdapterSettings settings = Adapter.settings(coverage);
    List<String> wanted = settings.targets();
    List<String> modules = new ArrayList<>();
    List<String> named = new ArrayList<>();
    ATTENTION.forEach(
        (name, own) -> {
          if (settings.allLinear() || wanted.contains(name)) {
            modules.add(own);
            named.add(name);
          }
        });
    boolean mlp = settings.allLinear() || wanted.containsAll(MLP);
    boolean head = wanted.contains("lm_head");
    if (modules.isEmpty()) {
      throw coverage.refusal(JobKey.LORA_TARGETS, "at least one of " + ATTENTION.keySet());
    }
    output.put("model.lora_attn_modules", modules);
    output.put("model.apply_lora_to_mlp", mlp);
    output.put("model.apply_lora_to_output", head);
    output.put("model.lora_rank", settings.rank());
    output.put("model.lora_alpha", settings.alpha());
    output.put("model.lora_dropout", settings.dropout());
    coverage.says(JobKey.LORA_RANK, JobKey.LORA_ALPHA, JobKey.LORA_DROPOUT);
    if (mlp) {
      named.addAll(MLP);
    }
    if (head) {
      named.add("lm_head");
    }
    coverage.settles(JobKey.LORA_TARGETS, named);
  }
}
