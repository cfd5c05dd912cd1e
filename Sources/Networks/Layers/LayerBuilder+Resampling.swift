import Engine

/// A change of resolution by two, by a layer or between layers.
enum LayerResampling: Sendable {
  case none
  /// The mean of four.
  case halved
  /// Bare repetition.
  case doubled
  /// Through a filter of so many taps, which the layer keeps as a buffer.
  case filteredDown(length: Int)
  case filteredUp(length: Int)

  /// Whether a layer holds it, as EDM's `Conv2d` does; else it stands between layers.
  var isPartOfLayer: Bool {
    switch self {
    case .filteredDown, .filteredUp: true
    case .none, .halved, .doubled: false
    }
  }
}

/// Where a convolution of stride 2 adds its zeros.
enum HalvingBorder: Sendable {
  /// On all sides.
  case around
  /// Below and on the right only.
  case trailing
}

extension LayerBuilder {
  /// The resampling of the layer `name`; comes before the layer's own weight.
  mutating func resample(_ x: ValueID, _ resampling: LayerResampling, _ name: ParameterScope) -> ValueID {
    switch resampling {
    case .none: x
    case .halved: graph.averagePool2x2(x)
    case .doubled: graph.upsampleNearest2x(x)
    case .filteredDown(let length): graph.filterDown(x, taps: filterTaps(name, length))
    case .filteredUp(let length): graph.filterUp(x, taps: filterTaps(name, length))
    }
  }

  /// The buffer that holds the taps of a layer's filter.
  func filterTaps(_ name: ParameterScope, _ length: Int) -> ParameterSpec {
    name.parameter("resample_filter", [1, 1, length, length])
  }

  /// Half the resolution, by a convolution of stride 2 or, without one, by the mean of four.
  mutating func halve(_ x: ValueID, by name: ParameterScope?, border: HalvingBorder) -> ValueID {
    guard let name else { return graph.averagePool2x2(x) }
    let isAround = border == .around
    return convolution(x, name, width: channels(x), stride: 2, padding: isAround ? 1 : 0, trailingPadding: isAround ? 0 : 1)
  }

  /// Twice the resolution, by repetition and then, where there is one, a convolution.
  mutating func double(_ x: ValueID, by name: ParameterScope?) -> ValueID {
    let doubled = graph.upsampleNearest2x(x)
    return name.map { convolution(doubled, $0, width: channels(x)) } ?? doubled
  }
}
