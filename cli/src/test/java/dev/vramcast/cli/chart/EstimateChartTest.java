package dev.vramcast.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.catalog.source.ModelLocator;
import dev.vramcast.catalog.source.ModelRequest;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class EstimateChartTest {

  @Test
  void every_part_alive_at_the_peak_is_drawn() throws Exception {
    EstimateReport report = report("llama-3.1-8b", "qlora", Optional.of("rtx-4090"));

    Document svg = parse(EstimateChart.svg(report));

    long alive =
        report.memory().worst().breakdown().values().stream().filter(bytes -> bytes > 0).count();
    assertThat(nodes(svg, "//*[@id='breakdown']//*[@class='part']").getLength()).isEqualTo(alive);
    assertThat(nodes(svg, "//*[@id='timeline']//*[@class='area']").getLength())
        .isGreaterThanOrEqualTo((int) alive);
    assertThat(nodes(svg, "//*[@id='legend']/*[local-name()='rect']").getLength())
        .isEqualTo(Category.values().length);
  }

  @Test
  void the_card_is_a_line_when_there_is_one() throws Exception {
    Document with = parse(EstimateChart.svg(report("gpt2", "full", Optional.of("h100"))));
    Document without = parse(EstimateChart.svg(report("gpt2", "full", Optional.empty())));

    assertThat(nodes(with, "//*[@id='card']").getLength()).isEqualTo(1);
    assertThat(text(with)).contains("H100");
    assertThat(nodes(without, "//*[@id='card']").getLength()).isZero();
  }

  @Test
  void the_picture_is_told_in_words_too() throws Exception {
    EstimateReport report = report("llama-3.1-8b", "qlora", Optional.of("rtx-4090"));
    Document svg = parse(EstimateChart.svg(report));

    assertThat(nodes(svg, "/*/*[local-name()='title']").item(0).getTextContent())
        .startsWith("Memory of one training step of llama-3.1-8b")
        .contains("weights", "RTX 4090", "GiB");
    assertThat(text(svg)).contains("allocated, GiB", "GiB alive at the peak", "peak ");
  }

  @Test
  void ranks_that_differ_stand_side_by_side() throws Exception {
    EstimateReport small = report("gpt2", "full", Optional.of("rtx-4090"));
    EstimateReport large = report("qwen2.5-0.5b", "full", Optional.of("rtx-4090"));
    RankEstimate first = named("pipeline stage 1 of 2", small.memory().worst());
    RankEstimate last = named("pipeline stage 2 of 2", large.memory().worst());
    EstimateReport both =
        new EstimateReport(
            small.model(),
            small.gpu(),
            small.resolution(),
            new MemoryEstimate(List.of(first, last)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    Document svg = parse(EstimateChart.svg(both));

    long parts =
        both.memory().ranks().stream()
            .flatMap(rank -> rank.breakdown().values().stream())
            .filter(bytes -> bytes > 0)
            .count();
    assertThat(nodes(svg, "//*[@id='ranks']//*[@class='rank-part']").getLength()).isEqualTo(parts);
    assertThat(text(svg)).contains("stage 1 of", "4 GPUs", "gpt2 · full · pipeline stage 2 of 2");
    assertThat(nodes(parse(EstimateChart.svg(small)), "//*[@id='ranks']").getLength()).isZero();
  }

  private static RankEstimate named(String name, RankEstimate rank) {
    return new RankEstimate(
        name,
        4,
        rank.outside(),
        rank.reading(),
        rank.hostBytes(),
        rank.pinnedBytes(),
        rank.replay());
  }

  @ParameterizedTest
  @CsvSource({"llama-3.1-70b, lora", "gpt2, full", "qwen2.5-0.5b, qlora"})
  void pictures_of_all_sizes_are_well_formed_and_small(String model, String method)
      throws Exception {
    String svg = EstimateChart.svg(report(model, method, Optional.empty()));

    assertThat(parse(svg).getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg).doesNotContain("NaN", "Infinity").hasSizeLessThan(400_000);
  }

  private static EstimateReport report(String name, String method, Optional<String> card) {
    LocatedModel model =
        ModelLocator.ofProcess()
            .locate(new ModelRequest(name, Optional.empty(), ModelRequest.Network.FORBIDDEN));
    Optional<Gpu> gpu = card.map(text -> GpuCatalog.embedded().find(text).gpu());
    Resolution resolution =
        JobResolver.resolve(
            JobDocument.empty()
                .withFlag(JobKey.METHOD, method)
                .withFlag(JobKey.SEQUENCE_LENGTH, "512"));
    MemoryEstimate memory = MemoryEstimator.estimate(model.architecture(), resolution.job(), gpu);
    return new EstimateReport(
        model,
        gpu,
        resolution,
        memory,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Document parse(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  private static NodeList nodes(Document document, String path) throws Exception {
    return (NodeList)
        XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
  }

  private static String text(Document document) {
    return document.getDocumentElement().getTextContent();
  }
}
