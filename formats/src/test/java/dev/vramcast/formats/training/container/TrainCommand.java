package dev.vramcast.formats.training.container;

/** What files of other tools start in tests. */
final class TrainCommand {

  /** Up to the size of a batch. */
  static final String TRAIN =
      "python train.py --model_name_or_path a/b --max_length 64 --per_device_train_batch_size ";

  private TrainCommand() {}
}
