package dev.vramcast.formats.training.run;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;

/** How large a trainer makes the images of its examples. */
public final class ImageSizes {

  /** More pixels on a side than any processor takes. */
  private static final int LONGEST = 1 << 16;

  private ImageSizes() {}

  /** A key with the side of a square, or with width and height. */
  public static void sides(JobBuilder job, String key) {
    job.get(key)
        .filter(setting -> !setting.isIdle() && !setting.isVariable())
        .ifPresent(
            setting -> {
              List<String> sides = setting.words();
              if (sides.size() <= 2 && sides.stream().allMatch(side -> side.matches("\\d{1,5}"))) {
                int width = Integer.parseInt(sides.get(0));
                put(job, setting, width, Integer.parseInt(sides.get(sides.size() - 1)));
              }
            });
  }

  /** A key with the most pixels that an image keeps, as which it is a square. */
  public static void area(JobBuilder job, String key) {
    job.get(key)
        .filter(setting -> !setting.isIdle() && setting.words().get(0).matches("\\d{1,9}"))
        .ifPresent(
            setting -> {
              int side = (int) Math.sqrt(setting.whole());
              put(job, setting, side, side);
            });
  }

  private static void put(JobBuilder job, Setting setting, int width, int height) {
    if (Math.min(width, height) > 0 && Math.max(width, height) < LONGEST) {
      job.put(JobKey.IMAGE_SIZE, List.of(width, height), setting);
    }
  }
}
