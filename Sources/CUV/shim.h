#pragma once

#include <uv.h>

#include "system.h"
