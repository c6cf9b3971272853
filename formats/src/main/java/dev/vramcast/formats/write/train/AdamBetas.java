package dev.vramcast.formats.write.train;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adam's decay rates, which transformers' Trainer has as two arguments and classes of optimizers as
 * one of two numbers (torch/optim/adamw.py).
 */
final class AdamBetas {

  private static final String FIRST = "adam_beta1";
  private static final String SECOND = "adam_beta2";

  private static final Map<String, String> CLASSES =
      Map.of("torchtune", "optimizer.betas", "litgpt", "optimizer.init_args.betas");

  private static final Set<String> ARGUMENTS =
      Set.of("trl", "axolotl", "llama-factory", "ms-swift");

  private AdamBetas() {}

  /** Keys of the target for one of the source; empty where it is none of these. */
  static Map<String, Object> of(
      String key, Object value, String target, Map<String, Object> settings) {
    String pair = CLASSES.get(target);
    if (List.of(FIRST, SECOND).contains(key) && pair != null) {
      List<Object> both = List.of(one(FIRST, "0.9", settings), one(SECOND, "0.999", settings));
      return areNumbers(both) ? Map.of(pair, both) : Map.of();
    }
    boolean both = CLASSES.containsValue(key) && ARGUMENTS.contains(target);
    return both && value instanceof List<?> list && list.size() == 2 && areNumbers(list)
        ? Map.of(FIRST, Carried.plain(list.get(0)), SECOND, Carried.plain(list.get(1)))
        : Map.of();
  }

  /** What is filled in from outside is none. */
  private static boolean areNumbers(List<?> values) {
    return values.stream().allMatch(each -> Carried.plain(each) instanceof Number);
  }

  /** transformers/training_args.py has the other one where the file says one alone. */
  private static Object one(String key, String otherwise, Map<String, Object> settings) {
    return Carried.plain(settings.getOrDefault(key, new BigDecimal(otherwise)));
  }
}
