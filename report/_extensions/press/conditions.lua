-- Blocks that show only where a result is there (when-result=KEY), or only where it is not (unless-result=KEY).

local numbering = require("numbering")
local problems = require("problems")
local staged = require("staged")

local conditions = {}

local function holds(attribute, wanted_absent, line)
  local all = true
  for key in (attribute or ""):gmatch("%S+") do
    local result = staged.find(key, line)
    if result and (result.kind == "absent") ~= wanted_absent then
      all = false
    end
  end
  return all
end

function conditions.settle(div)
  local when, unless = div.attributes["when-result"], div.attributes["unless-result"]
  if not when and not unless then
    -- Under Quarto the block may have one of Quarto's own conditions.
    if div.classes:includes("content-visible") and not quarto then
      problems.add(
        "a .content-visible block needs when-result=KEY or unless-result=KEY.",
        { line = tonumber(div.attributes["press-line"]), search = "content-visible" }
      )
    end
    return nil
  end
  local line = problems.take_line(div)
  problems.refuse_other_attributes(div, { ["when-result"] = true, ["unless-result"] = true }, "a conditional block", line)
  if not div.classes:includes("content-visible") then
    problems.add("when-result and unless-result belong to a block ::: {.content-visible …}.", { line = line })
  end
  local why = when and ("when-result=" .. when) or ("unless-result=" .. unless)
  -- Both lists are looked up, so that an unknown key in either is reported.
  local shown_when, shown_unless = holds(when, false, line), holds(unless, true, line)
  if shown_when and shown_unless then
    return div.content
  end
  numbering.hide(div.content, why)
  return {}
end

return conditions
