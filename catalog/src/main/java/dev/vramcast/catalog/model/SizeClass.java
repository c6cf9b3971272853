package dev.vramcast.catalog.model;

/** The sizes in which people think of models, each with one real model that stands for it. */
public enum SizeClass {
  DENSE_8B("7B/8B", "llama-3.1-8b"),
  DENSE_14B("14B", "qwen2.5-14b"),
  DENSE_32B("32B", "qwen2.5-32b"),
  DENSE_70B("70B/72B", "llama-3.1-70b"),
  MOE_30B_A3B("MoE 30B-A3B", "qwen3-30b-a3b");

  private final String label;
  private final String model;

  SizeClass(String label, String model) {
    this.label = label;
    this.model = model;
  }

  /** The size as people write it. */
  public String label() {
    return label;
  }

  /** Catalogue name of the model that stands for it. */
  public String model() {
    return model;
  }
}
