-- The boxes of a summary: ::: {.key-messages} and ::: {.figures-strip}.

local problems = require("problems")
local writer = require("writer")

local boxes = {}

local function key_messages(div)
  local title = div.attributes.title
  div.attributes.title = nil
  if title then
    div.content:insert(1, pandoc.Para({ pandoc.Strong(pandoc.Inlines(title)) }))
  end
  return writer.key_messages(div)
end

local function figures_strip(div)
  local list = #div.content == 1 and div.content[1].t == "BulletList" and div.content[1] or nil
  local cells = {}
  for _, item in ipairs(list and list.content or {}) do
    local inlines = pandoc.utils.blocks_to_inlines(item)
    local big = inlines:remove(1)
    if not big or big.t ~= "Strong" then
      list = nil
      break
    end
    if inlines[1] and inlines[1].t == "Space" then
      inlines:remove(1)
    end
    cells[#cells + 1] = { big = big.content, words = inlines }
  end
  if not list then
    problems.add("a .figures-strip holds one bullet list, each item '**number** words'.", { search = "figures-strip" })
    return {}
  end
  return writer.figures_strip(div, cells)
end

function boxes.write(div)
  if div.classes:includes("figures-strip") then
    return figures_strip(div)
  end
  return div.classes:includes("key-messages") and key_messages(div) or nil
end

return boxes
