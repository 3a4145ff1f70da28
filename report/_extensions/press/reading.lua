-- The first pass, in the order of the text: settles conditions, checks the subset, numbers, and puts results in.
-- One walk over the words of each block, because every walk over a long report takes a third of a second.

local abbreviations = require("abbreviations")
local boxes = require("boxes")
local conditions = require("conditions")
local equations = require("equations")
local figures_and_tables = require("figures_and_tables")
local numbering = require("numbering")
local problems = require("problems")
local references = require("references")
local subset = require("subset")
local values = require("values")

local stringify = pandoc.utils.stringify

local reading = {}
local within = {} -- the blocks around the present one, by their names
local refers = false -- whether the present block holds something for the second pass
local cites = false -- whether it holds something for citeproc
local filter

local PLACEHOLDERS = {
  ["list-of-figures"] = true, ["list-of-tables"] = true, ["list-of-boxes"] = true,
  ["list-of-abbreviations"] = true, ["glossary"] = true, ["contents"] = true, ["page-break"] = true, ["contact"] = true,
}
local BLOCKS = { ["content-visible"] = true, ["raw-markup"] = true }
for _, names in ipairs({ PLACEHOLDERS, boxes.names }) do
  for name in pairs(names) do
    BLOCKS[name] = true
  end
end

local function paragraph(block)
  local text = stringify(block)
  if not quarto then
    subset.paragraph(block, text)
  end
  abbreviations.read(text)
end

local function heading(header)
  if #within > 0 then
    problems.add(
      ("the heading '%s' stands in %s. A heading stands by itself; a box has title=\"…\"."):format(stringify(header), within[#within]),
      { search = stringify(header) }
    )
    return {}
  end
  if not quarto then
    subset.heading(header)
  end
  abbreviations.enter(header)
  return numbering.heading(header:walk(filter))
end

local function raw_markup(div, line)
  subset.attributes(div, "a block .raw-markup", { ["raw-markup"] = true }, { reason = true }, { line = line })
  local forms, kept = {}, {}
  for _, block in ipairs(div.content) do
    if block.t ~= "RawBlock" or not ({ html = true, typst = true })[block.format] then
      problems.add("a block .raw-markup holds blocks ```{=html} and ```{=typst} and nothing else.", { line = line })
      return {}
    end
    forms[block.format] = true
    if FORMAT:match(block.format) then
      kept[#kept + 1] = block
    end
  end
  if (div.attributes.reason or "") == "" then
    problems.add("a block .raw-markup says why markdown does not do: reason=\"…\".", { line = line })
  end
  if not (forms.html and forms.typst) then
    problems.add("a block .raw-markup holds both forms, ```{=html} and ```{=typst}, or one of them would lack it.", { line = line })
  end
  return kept
end

local function inside(name, div)
  within[#within + 1] = name
  div.content = reading.blocks(div.content)
  within[#within] = nil
  return div
end

local function name_of(div, line)
  for _, class in ipairs(div.classes) do
    if BLOCKS[class] then
      return class
    end
  end
  if div.identifier == "refs" and #div.classes == 0 then
    return "refs"
  end
  if quarto then
    return nil
  end
  local class, prefix = div.classes[1], div.identifier:match("^(%l+)%-")
  if class then
    problems.add(("there is no block ::: {.%s}."):format(class), { line = line, search = class, suggest = class, known = BLOCKS })
  elseif prefix == "fig" or prefix == "tbl" then
    problems.add(("the block ::: {#%s} needs result=KEY."):format(div.identifier), { line = line, search = div.identifier })
  else
    problems.add("a block ::: {…} needs one of the classes of docs/writing.md, or result=KEY.", { line = line, search = ":::" })
  end
  return "?"
end

local function div(element)
  local settled = conditions.settle(element)
  if settled then
    return reading.blocks(settled)
  end
  local of_result = figures_and_tables.of_result(element)
  if of_result then
    return pandoc.utils.type(of_result) == "Block" and { of_result } or of_result
  end
  local line = problems.take_line(element)
  local name = name_of(element, line)
  if name == "?" then
    return {}
  elseif name == "raw-markup" then
    return raw_markup(element, line)
  elseif name and boxes.names[name] then
    return { boxes.read(inside("a block ." .. name, element), name, line) }
  elseif name then
    local known = name == "refs" and {} or { [name] = true }
    subset.attributes(element, name == "refs" and "the block #refs" or "a block ." .. name, known, {}, { line = line })
    if #element.content > 0 then
      problems.add(("the block %s must be empty: it is filled in."):format(name == "refs" and "#refs" or "." .. name), { line = line })
    end
    if PLACEHOLDERS[name] and name ~= "page-break" then
      refers = true
      if #within > 0 then
        problems.add(("the block .%s stands by itself, not in %s."):format(name, within[#within]), { line = line })
      end
      abbreviations.placed(name)
    end
    cites = cites or name == "refs"
    numbering.anchor(element)
    return { element }
  end
  -- A block of Quarto's own.
  numbering.anchor(element)
  return { inside("a block", element) }
end

local function span(element)
  if element.attributes.n then
    return values.fill(element)
  elseif element.classes:includes("press-equation") then
    return equations.announce(element)
  end
  local line = problems.take_line(element)
  if element.classes:includes("abbr") then
    return abbreviations.use(element, line), false
  elseif element.attributes.alt then
    return equations.with_alt(element, line), false
  elseif quarto then
    return nil
  end
  problems.add(
    "the span [words]{…} is none that the writing subset has. It has []{n=KEY}, [SHORT]{.abbr} and [$formula$]{alt=\"…\"}.",
    { line = line, search = stringify(element) }
  )
  return {}, false
end

local function mention(element)
  if references.concerns(element) then
    refers = true
  elseif element.t == "Cite" then
    cites = true
  end
  if element.t == "Link" and not quarto then
    return subset.link(element)
  end
end

filter = {
  traverse = "topdown",
  Header = function(element) return heading(element), false end,
  Div = function(element) return div(element), false end,
  Figure = figures_and_tables.of_prose,
  Table = figures_and_tables.number_table,
  Para = paragraph,
  Plain = paragraph,
  Span = span,
  Math = equations.write,
  Image = figures_and_tables.picture,
  Cite = mention,
  Link = mention,
}
if not quarto then
  for name, handler in pairs(subset.handlers) do
    filter[name] = handler
  end
end
reading.inlines = filter

local NAMES = { BulletList = "a list", OrderedList = "a list", DefinitionList = "a list", BlockQuote = "a quotation" }

-- Gives the blocks that take the place of one.
local function read(block)
  local kind = block.t
  if kind == "Header" then
    local result = heading(block)
    return result.t and { result } or result
  elseif kind == "Div" then
    return div(block)
  end
  local handler = filter[kind]
  if handler then
    local result, descend = handler(block)
    if result then
      block = result
    end
    if descend == false or pandoc.utils.type(block) ~= "Block" then
      return pandoc.utils.type(block) == "Block" and { block } or block
    end
  end
  if NAMES[kind] then
    within[#within + 1] = NAMES[kind]
  end
  block = block:walk(filter)
  if NAMES[kind] then
    within[#within] = nil
  end
  return { block }
end

function reading.blocks(blocks)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    out:extend(read(block))
  end
  return out
end

-- Gives the blocks of the document, and by position which of them the second pass and citeproc must look at.
function reading.document(blocks)
  local out, referring, citing = pandoc.Blocks({}), {}, {}
  for _, block in ipairs(blocks) do
    refers, cites = false, false
    for _, result in ipairs(read(block)) do
      out:insert(result)
      referring[#out], citing[#out] = refers, cites
    end
  end
  equations.none_pending()
  return out, referring, citing
end

return reading
