package dev.vramcast.formats.write.train.torchtune;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
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

  static void put(Said said, Sheet sheet, TorchtuneModel model) {
    Method method = said.job().method();
    QuantizationScheme scheme = said.job().quantization().scheme();
    if (scheme != QuantizationScheme.NONE && scheme != QuantizationScheme.NF4) {
      throw said.refusal(JobKey.QUANTIZATION_SCHEME, "none, nf4");
    }
    String path = "torchtune.models." + model.packageName() + ".";
    switch (method) {
      case FULL -> sheet.put("model._component_", path + model.builder());
      case LORA, QLORA, DORA -> {
        boolean quantised = scheme == QuantizationScheme.NF4;
        sheet.put("model._component_", path + "lora_" + model.builder());
        adapter(said, sheet);
        sheet.put("model.quantize_base", quantised);
        if (method == Method.DORA) {
          sheet.put("model.use_dora", true);
        }
      }
      case RSLORA, PISSA, FREEZE, GALORE ->
          throw said.refusal(JobKey.METHOD, "full, lora, qlora, dora");
    }
    said.says(JobKey.METHOD, JobKey.QUANTIZATION_SCHEME);
  }

  private static void adapter(Said said, Sheet sheet) {
    AdapterSettings settings = Adapter.settings(said);
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
      throw said.refusal(JobKey.LORA_TARGETS, "at least one of " + ATTENTION.keySet());
    }
    sheet.put("model.lora_attn_modules", modules);
    sheet.put("model.apply_lora_to_mlp", mlp);
    sheet.put("model.apply_lora_to_output", head);
    sheet.put("model.lora_rank", settings.rank());
    sheet.put("model.lora_alpha", settings.alpha());
    sheet.put("model.lora_dropout", settings.dropout());
    said.says(JobKey.LORA_RANK, JobKey.LORA_ALPHA, JobKey.LORA_DROPOUT);
    if (mlp) {
      named.addAll(MLP);
    }
    if (head) {
      named.add("lm_head");
    }
    said.settles(JobKey.LORA_TARGETS, named);
  }
}
