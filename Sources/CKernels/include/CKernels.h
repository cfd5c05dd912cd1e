// The engine's inner loops: plain C, no allocation, no threads, one header per operation family.
//
// Every kernel exists for AVX2 with FMA and for any machine, chosen at run time; both give the same bits, because every
// sum is written as a fixed order of fused multiply-adds. A sample's bits never depend on the other samples of a call.
// Pictures are [count, height, width, channels], float32.
#pragma once
#include "adjoint.h"
#include "attention.h"
#include "convolution.h"
#include "cross_attention.h"
#include "deinterleave.h"
#include "elementwise.h"
#include "filter.h"
#include "gelu.h"
#include "group_norm.h"
#include "instruction_set.h"
#include "layer_norm.h"
#include "layout.h"
#include "multiply.h"
#include "nearest_row.h"
#include "resampling.h"
#include "slice.h"
#include "scale.h"
#include "unpatchify.h"
