-- Boxes: ::: {.key-messages}, ::: {.figures-strip}, ::: {#box-NAME .box title="…"} and ::: {.callout-note}.

local numbering = require("numbering")
local problems = require("problems")
local subset = require("subset")
local writer = require("writer")

local boxes = {
  names = { ["key-messages"] = true, ["figures-strip"] = true, box = true },
}
local CALLOUTS = {
  ["callout-note"] = "Note", ["callout-tip"] = "Tip", ["callout-important"] = "Important",
  ["callout-warning"] = "Warning", ["callout-caution"] = "Caution",
}
for name in pairs(CALLOUTS) do
  boxes.names[name] = true
end

-- First pass: what it may hold, and its number ------------------------------------------------------

function boxes.read(div, name, line)
  local takes = name ~= "figures-strip" and { title = true } or {}
  if not (quarto and CALLOUTS[name]) then
    subset.attributes(div, "a block ." .. name, { [name] = true }, takes, { line = line })
  end
  if name ~= "box" then
    if div.identifier ~= "" then
      problems.add(("a block .%s is not numbered and has no label."):format(name), { line = line })
    end
    return div
  end
  local title = div.attributes.title or ""
  if title == "" or not div.identifier:match("^box%-.") then
    problems.add('a box needs a label and a title: ::: {#box-name .box title="…"}.', { line = line })
    return div
  end
  div.attributes.number = numbering.number("box", div.identifier, title, line)
  return div
end

-- Last pass: written, when all that they hold has its last form -------------------------------------

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
  local name = div.classes[1]
  if name == "figures-strip" then
    return figures_strip(div)
  elseif name == "key-messages" then
    return key_messages(div)
  elseif name == "box" then
    return writer.box(div.identifier, div.attributes.number, div.attributes.title, div.content)
  elseif CALLOUTS[name] and not quarto then
    local title = div.attributes.title
    return writer.callout(name:match("%-(.*)"), CALLOUTS[name] .. (title and ": " .. title or ""), div.content)
  end
end

return boxes
