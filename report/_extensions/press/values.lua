-- Numbers and words of results in a sentence: []{n=KEY}, []{n=KEY part=interval}.

local problems = require("problems")
local simulated = require("simulated")
local staged = require("staged")
local writer = require("writer")

local values = {}

local PARTS = { interval = "interval_display", denominator = "denominator", unit = "unit", reason = "reason" }

-- JSON numbers come as floats; a denominator is a count.
local function written(shown)
  if type(shown) ~= "number" then
    return shown
  end
  local digits = ("%d"):format(math.tointeger(shown)):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (digits:gsub("^,", ""))
end

function values.fill(span)
  local key = span.attributes.n
  if not key then
    return nil
  end
  local line = problems.take_line(span)
  problems.refuse_other_attributes(span, { n = true, part = true }, "a quoted result []{n=…}", line)
  if #span.content > 0 then
    problems.add(
      ("the brackets of []{n=%s} must be empty: the result takes the place of the words in them."):format(key),
      { line = line, search = key }
    )
  end
  local result = staged.find(key, line)
  if not result then
    return {}, false
  end
  local part = span.attributes.part
  if part and not PARTS[part] then
    problems.add(
      ("a result has no part '%s'. It has: denominator, interval, reason, unit."):format(part),
      { line = line, search = part }
    )
    return {}, false
  end
  if result.kind == "absent" and part ~= "reason" then
    problems.add(
      ("the result '%s' is absent (%s). Put the words that need it in a block ::: {.content-visible when-result=%s}."):format(
        key, result.reason, key),
      { line = line, search = key }
    )
    return {}, false
  end
  if result.kind == "table" or result.kind == "figure" then
    problems.add(
      ("the result '%s' is a %s. Show it with ::: {#%s-NAME result=%s}."):format(
        key, result.kind, result.kind == "table" and "tbl" or "fig", key),
      { line = line, search = key }
    )
    return {}, false
  end
  local shown = result[part and PARTS[part] or "display"]
  if shown == nil or shown == "" then
    problems.add(
      ("the result '%s' has no %s. Name it with one in its notebook, or leave the part out."):format(key, part or "display"),
      { line = line, search = key }
    )
    return {}, false
  end
  simulated.quoted(result)
  return writer.words(written(shown)), false
end

return values
