//! Curves over the same x, one panel above the other, as an SVG.

use super::target::target_folder;
use core::error::Error;
use core::ops::Range;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf32;
use plotters::prelude::*;
use std::path::PathBuf;

/// Colours that also differ for the colour-blind and in print: Okabe and Ito's.
const COLORS: [RGBColor; 3] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
];
const TEXT: RGBColor = RGBColor(51, 51, 51);
const LINES: RGBColor = RGBColor(228, 228, 228);

/// The points of a curve.
pub(crate) type Points = Vec<(f32, f32)>;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf32, RangedCoordf32>>;

/// A coordinate system with its curves.
pub(crate) struct Panel<'a> {
    /// The label of y.
    pub(crate) y: &'a str,
    /// The part of y that is shown.
    pub(crate) range: Range<f32>,
    /// The corner that has room for the legend.
    pub(crate) legend: SeriesLabelPosition,
    /// Names and points.
    pub(crate) curves: &'a [(&'a str, Points)],
    /// Curves without a name, in the same colours but pale, behind the others.
    pub(crate) pale: &'a [Points],
}

/// Draws the panels into `file` of the target folder and returns its path. `x` is the label of x.
pub(crate) fn draw(
    file: &str,
    title: &str,
    x: &str,
    panels: &[Panel<'_>],
) -> Result<PathBuf, Box<dyn Error>> {
    let folder = target_folder();
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(file);
    let area = SVGBackend::new(&path, (960, 720)).into_drawing_area();
    area.fill(&WHITE)?;
    let inner = area.margin(16, 0, 0, 0).titled(title, text(24))?;
    for (panel, part) in panels.iter().zip(inner.split_evenly((panels.len(), 1))) {
        plot(&part, x, panel)?;
    }
    area.present()?;
    drop((inner, area));
    Ok(path)
}

/// Draws axes, then curves, then the legend.
fn plot(area: &Area<'_>, x: &str, panel: &Panel<'_>) -> Result<(), Box<dyn Error>> {
    let mut chart = ChartBuilder::on(area)
        .margin(16)
        .margin_right(32)
        .x_label_area_size(52)
        .y_label_area_size(72)
        .build_cartesian_2d(0.0..end(panel.curves), panel.range.clone())?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(LINES)
        .light_line_style(TRANSPARENT)
        .axis_style(TEXT)
        .x_desc(x)
        .y_desc(panel.y)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.2}"))
        .y_labels(6)
        .label_style(text(16))
        .axis_desc_style(text(18))
        .draw()?;
    curves(&mut chart, panel)?;
    chart
        .configure_series_labels()
        .position(panel.legend.clone())
        .margin(16)
        .legend_area_size(36)
        .background_style(WHITE)
        .border_style(LINES)
        .label_font(text(18))
        .draw()?;
    Ok(())
}

fn curves(chart: &mut Chart<'_>, panel: &Panel<'_>) -> Result<(), Box<dyn Error>> {
    for (points, color) in panel.pale.iter().zip(COLORS) {
        chart.draw_series(LineSeries::new(points.iter().copied(), color.mix(0.3)))?;
    }
    for ((name, points), color) in panel.curves.iter().zip(COLORS) {
        let style = color.stroke_width(2);
        chart
            .draw_series(LineSeries::new(points.iter().copied(), style))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 28, y)], style));
    }
    Ok(())
}

/// The largest x, at least 1.
fn end(curves: &[(&str, Points)]) -> f32 {
    let points = curves.iter().flat_map(|(_, points)| points);
    points.fold(1.0, |end, (x, _)| f32::max(end, *x))
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&TEXT)
}
