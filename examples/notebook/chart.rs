//! The loss curves as an SVG.

#[path = "../shared/target.rs"]
mod target;

use core::error::Error;
use core::ops::Range;
use plotters::coord::Shift;
use plotters::coord::types::{RangedCoordf32, RangedCoordusize};
use plotters::prelude::*;
use std::path::PathBuf;

/// Two colours that also differ for the colour-blind and in print.
const NET: RGBColor = RGBColor(0, 114, 178);
const NET_BOOK: RGBColor = RGBColor(213, 94, 0);
const TEXT: RGBColor = RGBColor(51, 51, 51);
const LINES: RGBColor = RGBColor(228, 228, 228);

/// Losses shown: from a little under what NetBook reaches to a little over ln 2.
const LOSSES: Range<f32> = 0.3..0.75;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordusize, RangedCoordf32>>;

/// Draws both curves and returns where.
pub(crate) fn draw(title: &str, net: &[f32], book: &[f32]) -> Result<PathBuf, Box<dyn Error>> {
    let folder = target::target_folder();
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("notebook.svg");
    plot(
        &SVGBackend::new(&path, (960, 560)).into_drawing_area(),
        title,
        net,
        book,
    )?;
    Ok(path)
}

/// Axes, then curves, then legend.
fn plot(area: &Area<'_>, title: &str, net: &[f32], book: &[f32]) -> Result<(), Box<dyn Error>> {
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area)
        .caption(title, text(24))
        .margin(24)
        .x_label_area_size(56)
        .y_label_area_size(72)
        .build_cartesian_2d(0..net.len() - 1, LOSSES)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(LINES)
        .light_line_style(TRANSPARENT)
        .axis_style(TEXT)
        .x_desc("step (pale: the loss of each step, bold: the best so far)")
        .y_desc("mean binary cross-entropy")
        .y_label_formatter(&|loss| format!("{loss:.2}"))
        .label_style(text(16))
        .axis_desc_style(text(18))
        .draw()?;
    curve(&mut chart, "Net (linear)", net, NET)?;
    curve(&mut chart, "NetBook (ReLU)", book, NET_BOOK)?;
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .margin(16)
        .legend_area_size(36)
        .background_style(WHITE)
        .border_style(LINES)
        .label_font(text(18))
        .draw()?;
    area.present()?;
    Ok(())
}

fn curve(
    chart: &mut Chart<'_>,
    name: &str,
    losses: &[f32],
    color: RGBColor,
) -> Result<(), Box<dyn Error>> {
    let pale = color.mix(0.3);
    chart.draw_series(LineSeries::new(losses.iter().copied().enumerate(), pale))?;
    let style = color.stroke_width(3);
    chart
        .draw_series(LineSeries::new(best_so_far(losses).enumerate(), style))?
        .label(name)
        .legend(move |(x, y)| PathElement::new([(x, y), (x + 28, y)], style));
    Ok(())
}

fn best_so_far(losses: &[f32]) -> impl Iterator<Item = f32> {
    losses.iter().scan(f32::INFINITY, |best, loss| {
        *best = best.min(*loss);
        Some(*best)
    })
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&TEXT)
}
