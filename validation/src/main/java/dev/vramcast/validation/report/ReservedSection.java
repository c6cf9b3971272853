package dev.vramcast.validation.report;

import dev.vramcast.validation.Report;
import dev.vramcast.validation.Summary;
import java.util.List;

/** What the model of the allocator makes of training that really ran. */
final class ReservedSection {

  private final Markdown page;
  private final Report reserved;

  ReservedSection(Markdown page, Report reserved) {
    this.page = page;
    this.reserved = reserved;
  }

  void write() {
    Summary all = reserved.overall();
    page.heading(2, "Reserved bytes");
    page.paragraph(
        """
        Real trainers ran two steps on fake tensors, and PyTorch's own allocator played what they
        allocated and freed, in that order, on a machine without a GPU
        (validation/allocator). What it reserved is held against the estimate, which plays the
        operations of its own trace. The models have few layers, so a segment of 20 MiB more or
        less is up to 1 % here.
        """);
    page.table(
        List.of("cases", "median", "p90", "p95", "largest"),
        List.of(
            List.of(
                String.valueOf(all.cases()),
                Percent.of(all.errors().median()),
                Percent.of(all.errors().p90()),
                Percent.of(all.errors().p95()),
                Percent.of(all.errors().max()))));
  }
}
